import {
  CancelRotateSecretCommand,
  DeleteResourcePolicyCommand,
  PutResourcePolicyCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { bridge, unless } from './contract';

const secrets = new SecretsManagerClient();
const GONE = /ResourceNotFound/;

const policy = bridge(z.object({ SecretId: z.string(), ResourcePolicy: z.json() }), {
  create: async ({ SecretId, ResourcePolicy }) => {
    await secrets.send(
      new PutResourcePolicyCommand({ SecretId, ResourcePolicy: JSON.stringify(ResourcePolicy) }),
    );
    return { id: `${SecretId}|policy`, attributes: { Id: SecretId } };
  },
  remove: async (_id, { SecretId }) =>
    unless(GONE, () => secrets.send(new DeleteResourcePolicyCommand({ SecretId }))),
});

const rotation = bridge(
  z.object({
    SecretId: z.string(),
    RotationLambdaARN: z.string().optional(),
    RotationRules: z
      .object({
        AutomaticallyAfterDays: z.number().optional(),
        Duration: z.string().optional(),
        ScheduleExpression: z.string().optional(),
      })
      .optional(),
  }),
  {
    create: async (properties) => {
      await secrets.send(new RotateSecretCommand({ ...properties, RotateImmediately: false }));
      return { id: `${properties.SecretId}|rotation`, attributes: { Id: properties.SecretId } };
    },
    remove: async (_id, { SecretId }) =>
      unless(GONE, () => secrets.send(new CancelRotateSecretCommand({ SecretId }))),
  },
);

/** Secrets Manager's types; the emulator notes a rotation and never runs it. */
export const bridges = {
  'AWS::SecretsManager::ResourcePolicy': policy,
  'AWS::SecretsManager::RotationSchedule': rotation,
};

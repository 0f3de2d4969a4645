import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
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
const lambda = new LambdaClient();
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
    RotateImmediatelyOnUpdate: z.boolean().default(true),
    RotationRules: z
      .object({
        AutomaticallyAfterDays: z.number().optional(),
        Duration: z.string().optional(),
        ScheduleExpression: z.string().optional(),
      })
      .optional(),
  }),
  {
    create: async ({ RotateImmediatelyOnUpdate: now, ...properties }) => {
      await secrets.send(new RotateSecretCommand({ ...properties, RotateImmediately: false }));
      if (now && properties.RotationLambdaARN !== undefined)
        await rotate(properties.SecretId, properties.RotationLambdaARN);
      return { id: `${properties.SecretId}|rotation`, attributes: { Id: properties.SecretId } };
    },
    remove: async (_id, { SecretId }) =>
      unless(GONE, () => secrets.send(new CancelRotateSecretCommand({ SecretId }))),
  },
);

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** What Secrets Manager does and the emulator does not: the four calls of a rotation, one after the other. */
async function rotate(SecretId: string, FunctionName: string): Promise<void> {
  const ClientRequestToken = randomUUID();
  for (const Step of STEPS) {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Step, SecretId, ClientRequestToken }) }),
    );
    if (FunctionError !== undefined)
      throw new Error(`The step ${Step} of the rotation failed: ${new TextDecoder().decode(Payload)}`);
  }
}

/** Secrets Manager's types; the emulator notes a rotation and never runs it: the first is run here. */
export const bridges = {
  'AWS::SecretsManager::ResourcePolicy': policy,
  'AWS::SecretsManager::RotationSchedule': rotation,
};

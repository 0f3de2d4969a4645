import { createHash } from 'node:crypto';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { CATALOGUE_PATH } from '../codedeploy/aws/catalogue-path';
import { camelCase } from './casing';
import { bridge, type Bridge, type Identity, unless } from './contract';
import type { Json } from './literals';

const ssm = new SSMClient();

function parameter(kind: string, id: string): string {
  // Names of CodeDeploy may hold signs that a parameter's may not.
  return `${CATALOGUE_PATH}/${kind}/${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/** Keeps a resource of CodeDeploy in a parameter of its account, where the stand-in of CodeDeploy reads it. */
function kept(
  kind: string,
  nameProperty: string,
  own: (properties: Record<string, Json>, id: string) => object,
): Bridge {
  const schema = z.record(z.string(), z.json());
  const keyOf = (properties: Record<string, Json>, id: string): string =>
    JSON.stringify([properties['ApplicationName'] ?? '', id]);
  const put = async (properties: Record<string, Json>, { name }: Identity): Promise<{ id: string }> => {
    const given = properties[nameProperty];
    const id = typeof given === 'string' ? given : name;
    await ssm.send(
      new PutParameterCommand({
        Name: parameter(kind, keyOf(properties, id)),
        Value: JSON.stringify(own(properties, id)),
        Type: 'String',
        Overwrite: true,
      }),
    );
    return { id };
  };
  return bridge(schema, {
    create: (properties, identity) => put(properties as Record<string, Json>, identity),
    update: (_id, properties, _previous, identity) => put(properties as Record<string, Json>, identity),
    remove: (id, properties) =>
      unless(/ParameterNotFound/, () =>
        ssm.send(
          new DeleteParameterCommand({
            Name: parameter(kind, keyOf(properties as Record<string, Json>, id)),
          }),
        ),
      ),
  });
}

function apiCase(properties: Record<string, Json>): Record<string, Json> {
  // CloudFormation's shape is the API's but for the case of names.
  const { ECSServices, ...others } = properties;
  const shaped = camelCase(others) as Record<string, Json>;
  return ECSServices === undefined ? shaped : { ...shaped, ecsServices: camelCase(ECSServices) };
}

/** CodeDeploy's types: the emulator has no such service. */
export const bridges = {
  'AWS::CodeDeploy::Application': kept('applications', 'ApplicationName', (properties, id) => ({
    ...apiCase(properties),
    applicationName: id,
    applicationId: id,
  })),
  'AWS::CodeDeploy::DeploymentConfig': kept('configs', 'DeploymentConfigName', (properties, id) => ({
    ...apiCase(properties),
    deploymentConfigName: id,
    deploymentConfigId: id,
  })),
  'AWS::CodeDeploy::DeploymentGroup': kept('groups', 'DeploymentGroupName', (properties, id) => ({
    ...apiCase(properties),
    deploymentGroupName: id,
    deploymentGroupId: id,
  })),
};

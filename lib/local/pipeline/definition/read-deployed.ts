import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { restoreLiterals } from '../../bridge/literals';
import { clientOptions, type LocalCloud } from '../../cloud';
import { parseTemplate, type Template } from '../../localise/template';
import type { Definition } from './model';
import { readDefinition } from './read-definition';

/** How the localisation writes a resource that the bridge makes. */
const bridgedSchema = z.looseObject({
  LocalType: z.string(),
  LocalProperties: z.record(z.string(), z.json()),
});

/** States in which a stack holds what was deployed last. */
const SOUND = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;

/**
 * Reads a pipeline as it is deployed, with the names that the deployment gave; nothing when it is not deployed.
 *
 * @param cloud - account of the pipeline
 */
export async function readDeployed(cloud: LocalCloud, stackName: string): Promise<Definition | undefined> {
  const client = new CloudFormationClient(clientOptions(cloud));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  const stack = Stacks.find((one) => one.StackName === stackName && SOUND.test(one.StackStatus ?? ''));
  if (stack === undefined) return undefined;
  const [{ TemplateBody = '{}' }, { StackResources = [] }] = await Promise.all([
    client.send(new GetTemplateCommand({ StackName: stackName })),
    client.send(new DescribeStackResourcesCommand({ StackName: stackName })),
  ]);
  const ids = new Map(
    StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
  return readDefinition(asSynthesised(parseTemplate(TemplateBody)), {
    stackName,
    account: cloud.account,
    region: cloud.region,
    physicalId: (logicalId) => ids.get(logicalId) ?? logicalId,
  });
}

/** A localised template with its bridged resources as they were before. */
function asSynthesised(template: Template): Template {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    const bridged = bridgedSchema.safeParse(resource.Properties);
    if (!bridged.success || !bridged.data.LocalType.startsWith('AWS::')) return [id, resource];
    const { LocalType, LocalProperties } = bridged.data;
    return [id, { ...resource, Type: LocalType, Properties: restoreLiterals(LocalProperties) }];
  });
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}

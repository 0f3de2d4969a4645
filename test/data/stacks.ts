import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentInput } from '../../lib/config/schema';
import { DataStack } from '../../lib/data/data-stack';
import { NetworkStack } from '../../lib/network/network-stack';
import { configuredEnvironment, testApp, testEnvironment } from '../support/app';

/** The data stack of an environment, with the network that it stands in. */
export function dataOf(environment = testEnvironment(), pipelineAccount?: string): DataStack {
  const app = testApp();
  const network = new NetworkStack(app, 'Network', { environment });
  return new DataStack(app, 'Data', {
    environment,
    network,
    operations: network.operations,
    commit: '0'.repeat(40),
    ...(pipelineAccount !== undefined && { pipelineAccount }),
  });
}

/** Its template, with some of production's settings replaced. */
export const templateWith = (overrides: Partial<EnvironmentInput>): Template =>
  Template.fromStack(dataOf(testEnvironment(overrides)));

/** Production's data stack. */
export const stack = dataOf();
/** Production's template. */
export const template = Template.fromStack(stack);
/** Dev's template. */
export const dev = Template.fromStack(dataOf(configuredEnvironment('dev')));

/** The logical id of the one resource of a type whose id starts so. */
export function idOf(type: string, prefix: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.startsWith(prefix));
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

import { loadConfiguration } from '../../lib/config/load';
import type { Resources } from '../../lib/release/guard/model';
import { reviewStack } from '../../lib/review/stacks';
import { type SynthesisedStack, platformStacks } from './assembly';

const { environments, pipeline } = loadConfiguration();
/** The stacks of the environments: each of their change sets meets a guard. */
const STACKS = platformStacks()
  .filter(({ path }) => path.split('/').length > 1)
  .map((stack) => [stack.path, stack] as const);

/** What the public load balancer needs; it comes with the first of all change sets, which the approver alone judges. */
const PUBLIC = [80, 443].map(
  (port) => `SecurityGroupsLoadBalancerC69D330C: open ingress tcp ${port} from 0.0.0.0/0`,
);

const allowPutting = (Roles: unknown[]): Resources => ({
  Planted: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      Roles,
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }] },
    },
  },
});

/** What the guard of a stack would refuse of a change set between these two. */
function refused({ path, template }: SynthesisedStack, before: Resources | undefined, more: Resources = {}) {
  const environment = environments[path.split('/').at(-2)!.toLowerCase()]!;
  const { judged } = reviewStack(
    {
      ...{ stack: path, guarded: true, after: { Resources: { ...template.Resources, ...more } } },
      ...(before && { before: { Resources: before } }),
    },
    { today: '2026-11-28', accounts: [environment.account, pipeline.account] },
  );
  return judged.findings.map(({ change, path: where }) => `${where}: ${change}`);
}

test('every environment has stacks to judge', () => {
  expect(STACKS).toHaveLength(5 * Object.keys(environments).length);
});

describe.each(STACKS)('%s', (_path, stack) => {
  test('passes on its first deployment and unchanged', () => {
    expect(refused(stack, undefined)).toEqual(stack.path.endsWith('/Network') ? PUBLIC : []);
    expect(refused(stack, stack.template.Resources)).toEqual([]);
  });

  test('does not with one policy more on a role of another stack', () => {
    const more = allowPutting([{ 'Fn::ImportValue': 'Another:Role' }]);
    expect(refused(stack, stack.template.Resources, more)).toEqual(['Planted: allow s3:PutObject on *']);
  });
});

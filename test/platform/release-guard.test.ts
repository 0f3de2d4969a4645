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

/** The resources of a later release: another image, other code of the functions, and what carries their versions. */
function later<T extends Resources>(resources: T): T {
  const text = JSON.stringify(resources)
    .replace(/@sha256:[0-9a-f]{64}|:[0-9a-f]{64}(?=")/g, `@sha256:${'1'.repeat(64)}`)
    .replace(/"[0-9a-f]{64}\.(zip|json)"/g, `"${'2'.repeat(64)}.$1"`)
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, `$1${'3'.repeat(32)}`);
  return JSON.parse(text) as T;
}

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

test('a later release changes the task, and every function that has code in the assembly', () => {
  const changed = (type: string) =>
    STACKS.flatMap(
      ([
        ,
        {
          template: { Resources },
        },
      ]) => {
        const next = later(Resources);
        return Object.keys(Resources).filter(
          (id) => Resources[id]?.Type === type && JSON.stringify(next[id]) !== JSON.stringify(Resources[id]),
        );
      },
    ).length;
  expect(changed('AWS::ECS::TaskDefinition')).toBe(Object.keys(environments).length);
  expect(changed('AWS::Lambda::Function')).toBeGreaterThan(Object.keys(environments).length);
  expect(changed('AWS::Lambda::Version')).toBeGreaterThan(0);
});

test('every environment has stacks to judge', () => {
  expect(STACKS).toHaveLength(5 * Object.keys(environments).length);
});

describe.each(STACKS)('%s', (_path, stack) => {
  test('passes on its first deployment and unchanged', () => {
    expect(refused(stack, undefined)).toEqual(stack.path.endsWith('/Network') ? PUBLIC : []);
    expect(refused(stack, stack.template.Resources)).toEqual([]);
  });

  test('passes with a newer image and newer code of its functions', () => {
    const { Resources } = stack.template;
    expect(refused({ ...stack, template: { Resources: later(Resources) } }, Resources)).toEqual([]);
  });

  test('does not with logs that are kept for a day', () => {
    const { Resources } = stack.template;
    const groups = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::Logs::LogGroup');
    const shorter = Object.fromEntries(
      groups.map((id) => [
        id,
        { ...Resources[id]!, Properties: { ...Resources[id]?.Properties, RetentionInDays: 1 } },
      ]),
    );
    expect(refused(stack, Resources, shorter)).toHaveLength(groups.length);
  });

  test('does not with one policy more on a role of another stack', () => {
    const more = allowPutting([{ 'Fn::ImportValue': 'Another:Role' }]);
    expect(refused(stack, stack.template.Resources, more)).toEqual(['Planted: allow s3:PutObject on *']);
  });
});

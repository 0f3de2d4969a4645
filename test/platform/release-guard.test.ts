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

const ROLE: Resources = {
  Planted: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [
        { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'iam:A*', Resource: 'arn:*' }] } },
      ],
    },
  },
};
const GROUP: Resources = {
  Planted: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 5432, SourcePrefixListId: 'pl-3b927c52' }],
    },
  },
};
const FILTER: Resources = {
  Planted: {
    Type: 'AWS::Logs::SubscriptionFilter',
    Properties: { DestinationArn: 'arn:aws:logs:us-east-1:999999999999:destination:theirs' },
  },
};

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

test('a database that takes connections without TLS, or no tokens, does not pass', () => {
  const off = (template: Resources): Resources =>
    JSON.parse(
      JSON.stringify(template)
        .replaceAll('"rds.force_ssl":"1"', '"rds.force_ssl":"0"')
        .replaceAll('"EnableIAMDatabaseAuthentication":true', '"EnableIAMDatabaseAuthentication":false'),
    ) as Resources;
  const found = STACKS.filter(([path]) => path.endsWith('/Data')).flatMap(([, stack]) =>
    refused(stack, stack.template.Resources, off(stack.template.Resources)).map((one) => one.split(': ')[1]),
  );
  expect([...new Set(found)].sort()).toEqual([
    'take EnableIAMDatabaseAuthentication from true to false',
    'take Parameters.rds.force_ssl from 1 to 0',
  ]);
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

  test.each([
    ['that are kept for a day', { RetentionInDays: 1 }],
    ['under a key of another account', { KmsKeyId: 'arn:aws:kms:us-east-1:999999999999:key/theirs' }],
  ])('does not with logs %s', (_what, more) => {
    const { Resources } = stack.template;
    const groups = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::Logs::LogGroup');
    const changed = Object.fromEntries(
      groups.map((id) => [id, { ...Resources[id]!, Properties: { ...Resources[id]?.Properties, ...more } }]),
    );
    expect(refused(stack, Resources, changed)).toHaveLength(groups.length);
  });

  test.each([
    ['a new role without bounds', ROLE, 'allow iam:A* on arn:*'],
    ['a new group that lets a list in', GROUP, 'open ingress tcp 5432 from pl-3b927c52'],
    [
      'logs that go to another account',
      FILTER,
      'send to arn:aws:logs:us-east-1:999999999999:destination:theirs',
    ],
  ])('does not with %s', (_what, more, words) => {
    expect(refused(stack, stack.template.Resources, more)).toEqual([`Planted: ${words}`]);
  });

  test('does not with one policy more on a role of another stack', () => {
    const more = allowPutting([{ 'Fn::ImportValue': 'Another:Role' }]);
    expect(refused(stack, stack.template.Resources, more)).toEqual(['Planted: allow s3:PutObject on *']);
  });
});

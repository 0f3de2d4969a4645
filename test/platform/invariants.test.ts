import { loadConfiguration } from '../../lib/config/load';
import {
  offenders,
  resourcesOf,
  type PlacedResource,
  type SynthesisedStack,
  platformStacks,
} from './assembly';

/** CloudFormation's limit for a template body in S3, in bytes (AWS CloudFormation quotas). */
const TEMPLATE_LIMIT = 1_000_000;

let stacks: SynthesisedStack[];
beforeAll(() => {
  stacks = platformStacks();
});

/** The resources of some types; fails when there is none, so that no rule here passes on nothing. */
function every(...types: string[]): PlacedResource[] {
  const found = resourcesOf(stacks, ...types);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** Whether the logical id names the bucket that log delivery writes to, which can be SSE-S3 only. */
const isLogSink = ({ Properties }: PlacedResource): boolean =>
  JSON.stringify(Properties?.['BucketEncryption'] ?? {}).includes('AES256');

describe('encryption at rest', () => {
  test('every bucket but the one log sink of its environment has a customer managed key', () => {
    const buckets = every('AWS::S3::Bucket');
    const sinks = buckets.filter(isLogSink);
    const stacksWithSink = sinks.map(({ stack }) => stack.path);
    expect(new Set(stacksWithSink).size).toBe(stacksWithSink.length);
    expect(stacksWithSink.filter((path) => !/Network$|^Pipeline$/.test(path))).toEqual([]);
    expect(
      offenders(
        buckets.filter((b) => !isLogSink(b)),
        (p) => JSON.stringify(p['BucketEncryption'] ?? {}).includes('KMSMasterKeyID'),
      ),
    ).toEqual([]);
  });

  test.each([
    ['AWS::SQS::Queue', 'KmsMasterKeyId'],
    ['AWS::SNS::Topic', 'KmsMasterKeyId'],
    ['AWS::Logs::LogGroup', 'KmsKeyId'],
    ['AWS::RDS::DBCluster', 'KmsKeyId'],
    ['AWS::Backup::BackupVault', 'EncryptionKeyArn'],
    ['AWS::DynamoDB::Table', 'SSESpecification'],
  ])('every %s has %s', (type, property) => {
    expect(offenders(every(type), (p) => p[property] !== undefined)).toEqual([]);
  });

  test('every symmetric key rotates', () => {
    expect(
      offenders(every('AWS::KMS::Key'), (p) => p['KeySpec'] !== undefined || p['EnableKeyRotation'] === true),
    ).toEqual([]);
  });
});

describe('access', () => {
  test('no policy allows every principal, unless it is held to one account', () => {
    const heldToAccount = ({ Condition }: Record<string, unknown>): boolean =>
      /"(aws:PrincipalAccount|aws:ResourceAccount|kms:CallerAccount)":"\d{12}"/.test(
        JSON.stringify(Condition ?? {}),
      );
    // An endpoint's policy limits what the VPC may call; these two are buckets of AWS's own, which it must reach.
    const toAws = ({ Resource }: Record<string, unknown>): boolean =>
      /starport-layer-bucket|cloudformation-custom-resource-response/.test(JSON.stringify(Resource ?? ''));
    const allowsEveryone = (statement: Record<string, unknown>): boolean => {
      const principal = statement['Principal'];
      const everyone =
        principal === '*' ||
        (typeof principal === 'object' &&
          principal !== null &&
          Object.values(principal).flat().includes('*'));
      return statement['Effect'] === 'Allow' && everyone && !heldToAccount(statement) && !toAws(statement);
    };
    const statementsOf = (value: unknown): Record<string, unknown>[] => {
      if (Array.isArray(value)) return value.flatMap(statementsOf);
      if (typeof value !== 'object' || value === null) return [];
      const record = value as Record<string, unknown>;
      return 'Effect' in record ? [record] : Object.values(record).flatMap(statementsOf);
    };
    expect(offenders(every(), (p) => !statementsOf(p).some(allowsEveryone))).toEqual([]);
  });

  test('nothing but the load balancer admits the internet', () => {
    const open = (properties: Readonly<Record<string, unknown>>): boolean =>
      /"Cidr(Ip|Ipv6)":"(0\.0\.0\.0|::)\/0"/.test(
        JSON.stringify(properties['SecurityGroupIngress'] ?? properties),
      );
    const admits = [
      ...every('AWS::EC2::SecurityGroup').filter(
        ({ Properties }) => Properties?.['SecurityGroupIngress'] !== undefined && open(Properties),
      ),
      ...resourcesOf(stacks, 'AWS::EC2::SecurityGroupIngress').filter(({ Properties }) =>
        open(Properties ?? {}),
      ),
    ];
    expect(admits.length).toBeGreaterThan(0);
    expect(offenders(admits, (_, { logicalId }) => logicalId.includes('LoadBalancer'))).toEqual([]);
  });

  test('no subnet gives public addresses and no task has one', () => {
    expect(offenders(every('AWS::EC2::Subnet'), (p) => p['MapPublicIpOnLaunch'] === false)).toEqual([]);
    expect(
      offenders(every('AWS::ECS::Service'), (p) =>
        JSON.stringify(p['NetworkConfiguration']).includes('"AssignPublicIp":"DISABLED"'),
      ),
    ).toEqual([]);
  });

  test('no policy is inline', () => {
    expect(resourcesOf(stacks, 'AWS::IAM::Policy').map(({ place }) => place)).toEqual([]);
    expect(offenders(every('AWS::IAM::Role'), (p) => p['Policies'] === undefined)).toEqual([]);
  });
});

describe('compute', () => {
  test('every function and task of ours runs on arm64', () => {
    const ours = every('AWS::Lambda::Function').filter(({ logicalId }) => !logicalId.startsWith('Custom'));
    expect(offenders(ours, (p) => JSON.stringify(p['Architectures']) === '["arm64"]')).toEqual([]);
    expect(
      offenders(every('AWS::ECS::TaskDefinition'), (p) =>
        JSON.stringify(p['RuntimePlatform'] ?? {}).includes('"CpuArchitecture":"ARM64"'),
      ),
    ).toEqual([]);
  });

  test('every function of ours runs on Node 24', () => {
    const ours = every('AWS::Lambda::Function').filter(({ logicalId }) => !logicalId.startsWith('Custom'));
    expect(offenders(ours, (p) => p['Runtime'] === 'nodejs24.x')).toEqual([]);
  });
});

describe('templates', () => {
  test('every template is under 90 % of the limit', () => {
    expect(
      stacks
        .filter(({ bytes }) => bytes > TEMPLATE_LIMIT * 0.9)
        .map(({ path, bytes }) => `${path}: ${bytes}`),
    ).toEqual([]);
  });

  test('what is tagged at all carries every required tag', () => {
    const required = [
      'Project',
      'Environment',
      'Owner',
      'CostCenter',
      'Compliance',
      'ManagedBy',
      'DataClassification',
    ];
    const tagged = every().filter(({ Properties }) => Array.isArray(Properties?.['Tags']));
    expect(tagged.length).toBeGreaterThan(100);
    const keysOf = (tags: unknown): string[] => (tags as { Key: string }[]).map(({ Key }) => Key);
    expect(offenders(tagged, (p) => required.every((key) => keysOf(p['Tags']).includes(key)))).toEqual([]);
  });

  test('every environment is made of the same five stacks', () => {
    const byStage = new Map<string, string[]>();
    for (const { path } of stacks) {
      const parts = path.split('/');
      if (parts.length < 2) continue;
      const stage = parts.slice(0, -1).join('/');
      byStage.set(stage, [...(byStage.get(stage) ?? []), parts.at(-1) ?? '']);
    }
    const environments = Object.keys(loadConfiguration().environments);
    expect([...byStage.keys()].map((stage) => stage.split('/').at(-1)?.toLowerCase()).sort()).toEqual(
      environments.sort(),
    );
    for (const names of byStage.values())
      expect(names.sort()).toEqual(['App', 'Auth', 'Data', 'Network', 'Video']);
  });

  test('every environment has the same kinds of control, whatever its size', () => {
    const controls = [
      'AWS::EC2::FlowLog',
      'AWS::WAFv2::WebACL',
      'AWS::WAFv2::LoggingConfiguration',
      'AWS::KMS::Key',
      'AWS::Backup::BackupPlan',
      'AWS::CodeDeploy::DeploymentGroup',
      'AWS::CloudWatch::Alarm',
      'AWS::Cognito::UserPool',
    ];
    for (const name of Object.keys(loadConfiguration().environments)) {
      const stage = name.charAt(0).toUpperCase() + name.slice(1);
      const own = stacks.filter(({ path }) => path.split('/').at(-2) === stage);
      expect(controls.filter((type) => resourcesOf(own, type).length === 0)).toEqual([]);
    }
  });

  test('production stacks are protected from termination, and the others are not', () => {
    const inStage = stacks.filter(({ path }) => path.includes('/'));
    expect(
      inStage
        .filter(({ path, terminationProtection }) => path.includes('Prod/') !== terminationProtection)
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

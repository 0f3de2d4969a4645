import { Match, Template } from 'aws-cdk-lib/assertions';
import { NetworkStack } from '../../lib/network/network-stack';
import { configuredEnvironment, testApp, testEnvironment } from '../support/app';
import { normalisedTemplate } from '../support/snapshot';

const networkOf = (environment = testEnvironment()): NetworkStack =>
  new NetworkStack(testApp(), 'Network', { environment });

const stack = networkOf();
const template = Template.fromStack(stack);

/** Every resource of one type, as it stands in the template. */
function all(type: string, from = template): { id: string; properties: Record<string, unknown> }[] {
  return Object.entries(from.findResources(type)).map(([id, resource]) => ({
    id,
    properties: (resource['Properties'] ?? {}) as Record<string, unknown>,
  }));
}

test('the stack is what it was', () => {
  expect(normalisedTemplate(stack)).toMatchSnapshot();
});

describe('the VPC', () => {
  test('has three tiers in every configured zone, and no subnet that gives public addresses', () => {
    const subnets = all('AWS::EC2::Subnet');
    expect(subnets).toHaveLength(9);
    expect(new Set(subnets.map(({ properties }) => properties['AvailabilityZone']))).toEqual(
      new Set(['us-east-1a', 'us-east-1b', 'us-east-1c']),
    );
    expect(subnets.filter(({ properties }) => properties['MapPublicIpOnLaunch'] !== false)).toEqual([]);
  });

  test('gives the subnets of two zones the addresses they keep when there is a third', () => {
    const blocks = (zones: string[]): unknown[] => {
      const network = { cidr: '10.0.0.0/20', natGateways: 1 };
      const t = Template.fromStack(networkOf(testEnvironment({ availabilityZones: zones, network })));
      return all('AWS::EC2::Subnet', t)
        .filter(({ properties }) => properties['AvailabilityZone'] !== 'us-east-1c')
        .map(({ id, properties }) => [id, properties['CidrBlock']]);
    };
    expect(blocks(['us-east-1a', 'us-east-1b'])).toEqual(blocks(['us-east-1a', 'us-east-1b', 'us-east-1c']));
  });

  test('leaves the isolated tier without any route out', () => {
    const isolated = all('AWS::EC2::RouteTable').filter(({ id }) => id.includes('Isolated'));
    expect(isolated).toHaveLength(3);
    const routed = JSON.stringify([...all('AWS::EC2::Route'), ...all('AWS::EC2::VPCEndpoint')]);
    expect(isolated.filter(({ id }) => routed.includes(id))).toEqual([]);
  });

  test.each([1, 3])(
    'has %i NAT gateways when configured, and interface endpoints in as many zones',
    (natGateways) => {
      const network = { cidr: '10.0.0.0/16', natGateways };
      const t = Template.fromStack(networkOf(testEnvironment({ network })));
      t.resourceCountIs('AWS::EC2::NatGateway', natGateways);
      const endpoints = all('AWS::EC2::VPCEndpoint', t).filter(
        ({ properties }) => properties['VpcEndpointType'] === 'Interface',
      );
      expect(endpoints.length).toBeGreaterThan(0);
      for (const { properties } of endpoints) expect(properties['SubnetIds']).toHaveLength(natGateways);
    },
  );

  test('empties its default security group by a function held to the house rules', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['arm64'],
      ReservedConcurrentExecutions: 1,
      LoggingConfig: { LogGroup: Match.anyValue() },
    });
    const roles = all('AWS::IAM::Role').filter(({ id }) => id.includes('RestrictDefaultSG'));
    expect(roles.map(({ properties }) => Object.keys(properties))).toEqual([['AssumeRolePolicyDocument']]);
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });
});

describe('flow logs', () => {
  test('record all traffic and are kept seven years under the log key', () => {
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
    });
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: {
        RetentionInDays: 2557,
        KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('LogKey'), 'Arn'] },
        Tags: Match.arrayWith([{ Key: 'DataClassification', Value: 'Audit' }]),
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('are written by a role that only flow logs of this account may take', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '333333333333' },
              ArnLike: { 'aws:SourceArn': 'arn:aws:ec2:us-east-1:333333333333:vpc-flow-log/*' },
            },
          }),
        ],
      }),
    });
  });
});

describe('endpoints', () => {
  test('S3 and DynamoDB have gateways in the routes of every private subnet', () => {
    const gateways = all('AWS::EC2::VPCEndpoint').filter(
      ({ properties }) => properties['VpcEndpointType'] === 'Gateway',
    );
    expect(gateways).toHaveLength(2);
    for (const { properties } of gateways) expect(properties['RouteTableIds']).toHaveLength(3);
  });

  test('Cognito has none, since it refuses PrivateLink to a pool with a domain', () => {
    expect(JSON.stringify(all('AWS::EC2::VPCEndpoint'))).not.toContain('cognito');
  });

  test('each lets only the own account through', () => {
    for (const { properties } of all('AWS::EC2::VPCEndpoint'))
      expect(properties['PolicyDocument']).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Condition: { StringEquals: { 'aws:PrincipalAccount': '333333333333' } },
          }),
        ]) as unknown,
      });
  });

  test('what the S3 endpoint lets through beside that is two buckets of AWS, one to read and one to write', () => {
    const s3 = all('AWS::EC2::VPCEndpoint').filter(({ id }) => id.startsWith('EndpointsS3'));
    const statements = s3.flatMap(
      ({ properties }) =>
        (properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement,
    );
    expect(
      statements
        .filter((s) => s['Sid'] !== 'OwnAccountOnly')
        .map((s) => [s['Action'], JSON.stringify(s['Resource'])]),
    ).toEqual([
      ['s3:GetObject', expect.stringContaining('prod-us-east-1-starport-layer-bucket/*')],
      ['s3:PutObject', expect.stringContaining('cloudformation-custom-resource-response-useast1/*')],
    ]);
  });
});

describe('security groups', () => {
  const rules = [
    ...all('AWS::EC2::SecurityGroup').flatMap(({ id, properties }) =>
      (['Ingress', 'Egress'] as const).flatMap((way) =>
        ((properties[`SecurityGroup${way}`] ?? []) as Record<string, unknown>[]).map((rule) => ({
          id,
          way,
          rule,
        })),
      ),
    ),
    ...(['Ingress', 'Egress'] as const).flatMap((way) =>
      all(`AWS::EC2::SecurityGroup${way}`).map(({ id, properties }) => ({ id, way, rule: properties })),
    ),
  ];
  const open = rules.filter(({ rule }) => rule['CidrIp'] === '0.0.0.0/0');

  test('admit the internet to the load balancer on 80 and 443 alone', () => {
    expect(
      open
        .filter(({ way }) => way === 'Ingress')
        .map(({ id, rule }) => [id.slice(0, 26), rule['FromPort'], rule['ToPort']]),
    ).toEqual([
      ['SecurityGroupsLoadBalancer', 80, 80],
      ['SecurityGroupsLoadBalancer', 443, 443],
    ]);
  });

  test('admit only the configured ranges where they are narrower', () => {
    const network = { cidr: '10.0.0.0/16', publicIngress: ['198.51.100.0/24'] };
    const t = Template.fromStack(networkOf(testEnvironment({ network })));
    const ingress = all('AWS::EC2::SecurityGroup', t).map(
      ({ properties }) => properties['SecurityGroupIngress'],
    );
    expect(JSON.stringify(ingress)).toContain('198.51.100.0/24');
    expect(JSON.stringify(ingress)).not.toContain('0.0.0.0/0');
  });

  test('keep the test listener to the VPC', () => {
    const admitted = rules.filter(({ way, rule }) => way === 'Ingress' && rule['FromPort'] === 8443);
    expect(admitted.map(({ rule }) => rule['CidrIp']).filter(Boolean)).toEqual(['10.30.0.0/16']);
  });

  test('let out to anywhere by HTTPS only, each with its reason', () => {
    const outwards = open.filter(({ way }) => way === 'Egress');
    expect(outwards.map(({ id }) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'SecurityGroupsApi',
      'SecurityGroupsFunctions',
      'SecurityGroupsMigrations',
    ]);
    for (const { rule } of outwards) {
      expect([rule['FromPort'], rule['ToPort']]).toEqual([443, 443]);
      expect(String(rule['Description']).length).toBeGreaterThan(40);
    }
  });

  test('let the API and the migrations reach the database, and nobody else', () => {
    const toDatabase = all('AWS::EC2::SecurityGroupIngress').filter(
      ({ properties }) => properties['FromPort'] === 5432,
    );
    expect(toDatabase.map(({ properties }) => JSON.stringify(properties['SourceSecurityGroupId']))).toEqual([
      expect.stringContaining('SecurityGroupsApi'),
      expect.stringContaining('SecurityGroupsMigrations'),
    ]);
  });
});

describe('operations', () => {
  test('the alarm topic has its own key, which CloudWatch of this account may use', () => {
    template.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('AlarmKey'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
        ]),
      },
    });
  });

  test('alarms are mailed to the configured addresses, and to nobody when there is none', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.org',
    });
    Template.fromStack(networkOf(configuredEnvironment('dev'))).resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('the access-log bucket takes logs of this account only, over TLS only, and keeps them', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 2557 })] },
      },
      DeletionPolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } },
          }),
        ]),
      },
    });
  });
});

test('production is protected from deletion and dev is not', () => {
  expect(stack.terminationProtection).toBe(true);
  const dev = networkOf(configuredEnvironment('dev'));
  expect(dev.terminationProtection).toBe(false);
  expect(Object.values(Template.fromStack(dev).findResources('AWS::S3::Bucket'))).toEqual([
    expect.objectContaining({ DeletionPolicy: 'Delete' }),
  ]);
});

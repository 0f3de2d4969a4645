import type { Estate } from '../../../lib/gate/estate/estate';
import { ESTATE_RULES } from '../../../lib/gate/estate-rules';
import { allow, att, bucket, document, key, plantedStack, role, tagged } from '../estate/support';

type Planted = Parameters<typeof plantedStack>[0];

/** What a rule says of each resource, by logical id; what is not in it does not concern the rule. */
function verdicts(id: string, estate: Estate): Readonly<Record<string, string>> {
  const rule = ESTATE_RULES.find((one) => one.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return Object.fromEntries(
    [...rule.judge(estate)].map(([{ logicalId }, verdict]) => [
      logicalId,
      verdict === 'compliant' ? verdict : verdict.found,
    ]),
  );
}

const group = (...SecurityGroupIngress: readonly unknown[]): Planted[string] => [
  'AWS::EC2::SecurityGroup',
  { SecurityGroupIngress },
];
const from = (id: string, port: number): unknown => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  SourceSecurityGroupId: att(id, 'GroupId'),
});
const open = (port: number): unknown => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  CidrIp: '0.0.0.0/0',
});
const balancer = (Type: string, more: Readonly<Record<string, unknown>> = {}): Planted => ({
  Balancer: [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    { Type, SecurityGroups: [att('Front', 'GroupId')], ...more },
  ],
  Listener: [
    'AWS::ElasticLoadBalancingV2::Listener',
    {
      LoadBalancerArn: { Ref: 'Balancer' },
      Protocol: 'HTTPS',
      Port: 443,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
    },
  ],
  Targets: ['AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTPS' }],
  Service: [
    'AWS::ECS::Service',
    {
      LoadBalancers: [{ TargetGroupArn: { Ref: 'Targets' } }],
      NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [att('Api', 'GroupId')] } },
    },
  ],
});
const NETWORK: Planted = {
  Front: group(open(443)),
  Api: group(from('Front', 3000)),
  Data: group(from('Api', 5432)),
  Database: ['AWS::RDS::DBCluster', { ...tagged('PHI'), VpcSecurityGroupIds: [att('Data', 'GroupId')] }],
};
const PUBLIC: Planted = {
  Gateway: ['AWS::EC2::InternetGateway'],
  Table: ['AWS::EC2::RouteTable'],
  Route: [
    'AWS::EC2::Route',
    { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } },
  ],
  Subnet: ['AWS::EC2::Subnet'],
  Association: [
    'AWS::EC2::SubnetRouteTableAssociation',
    { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
  ],
  Subnets: ['AWS::RDS::DBSubnetGroup', { SubnetIds: [{ Ref: 'Subnet' }] }],
};
const exposed = (PubliclyAccessible: boolean): Planted => ({
  ...PUBLIC,
  Data: group(open(5432)),
  Database: [
    'AWS::RDS::DBInstance',
    {
      ...tagged('PHI'),
      PubliclyAccessible,
      DBSubnetGroupName: { Ref: 'Subnets' },
      VPCSecurityGroups: [att('Data', 'GroupId')],
    },
  ],
});

describe('no path leads from the internet to a store', () => {
  const judge = (resources: Planted): string | undefined =>
    verdicts('TemplateNoInternetPathToStore', plantedStack(resources))['Database'];

  test.each<[string, Planted, string]>([
    [
      'an application load balancer and a program before it',
      { ...NETWORK, ...balancer('application') },
      'compliant',
    ],
    [
      'a network load balancer straight to the program',
      { ...NETWORK, ...balancer('network') },
      'Data/Balancer on port 443 → Data/Service on port 3000 → Data/Database on port 5432',
    ],
    ['the same, inside', { ...NETWORK, ...balancer('network', { Scheme: 'internal' }) }, 'compliant'],
    [
      'a load balancer whose targets nobody here registers',
      {
        ...NETWORK,
        ...balancer('application'),
        Service: ['AWS::SSM::Parameter'],
        Data: group(from('Front', 5432)),
      },
      'Data/Balancer on port 443 → Data/Database on port 5432',
    ],
    [
      'a group of another template',
      {
        ...NETWORK,
        ...balancer('network'),
        Data: group({ IpProtocol: '-1', SourceSecurityGroupId: { 'Fn::ImportValue': 'Nobody' } }),
      },
      'Data/Database on any port',
    ],
    [
      'a public address, a route and an open port',
      exposed(true),
      'the internet → Data/Database on port 5432',
    ],
    ['an open port without a public address', exposed(false), 'compliant'],
    ['a public address without a route', { ...exposed(true), Route: ['AWS::SSM::Parameter'] }, 'compliant'],
    [
      'a function with a URL for everybody',
      {
        ...NETWORK,
        Function: ['AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: [att('Api', 'GroupId')] } }],
        Url: ['AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: att('Function') }],
      },
      'without a sign-in → Data/Function → Data/Database',
    ],
    [
      'a function with a URL for those who sign',
      {
        ...NETWORK,
        Function: ['AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: [att('Api', 'GroupId')] } }],
        Url: ['AWS::Lambda::Url', { AuthType: 'AWS_IAM', TargetFunctionArn: att('Function') }],
      },
      'compliant',
    ],
  ])('%s', (_words, resources, expected) => {
    expect(judge(resources)).toContain(expected);
  });

  test('a bucket is opened by its policy or by a distribution, and a table without class by its policy', () => {
    const everybody = document(allow('s3:GetObject', '*', { Principal: '*' }));
    const found = verdicts(
      'TemplateNoInternetPathToStore',
      plantedStack({
        Key: key(),
        Bucket: bucket(),
        Policy: ['AWS::S3::BucketPolicy', { Bucket: { Ref: 'Bucket' }, PolicyDocument: everybody }],
        Published: bucket(),
        Distribution: [
          'AWS::CloudFront::Distribution',
          { DistributionConfig: { Origins: [{ DomainName: att('Published', 'RegionalDomainName') }] } },
        ],
        Closed: bucket(),
        Website: bucket('Internal'),
      }),
    );
    expect(found).toEqual({
      Bucket: expect.stringContaining('its policy, which allows s3:GetObject to everybody') as string,
      Published: expect.stringContaining('CloudFront (Data/Distribution)') as string,
      Closed: 'compliant',
    });
  });
});

describe('nobody reads health data and silences its audit', () => {
  const READ = [
    allow('s3:GetObject', { 'Fn::Join': ['', [att('Bucket'), '/*']] }),
    allow('kms:Decrypt', att('Key')),
  ];
  const judge = (...more: readonly Readonly<Record<string, unknown>>[]): string | undefined =>
    verdicts(
      'TemplateNoReaderSilencesAudit',
      plantedStack({
        Key: key(),
        Bucket: bucket(),
        Logs: ['AWS::Logs::LogGroup', tagged('Audit')],
        Audit: ['AWS::DynamoDB::Table', tagged('Audit')],
        Kept: [
          'AWS::DynamoDB::Table',
          {
            ...tagged('Audit'),
            ResourcePolicy: {
              PolicyDocument: document({
                Effect: 'Deny',
                Action: 'dynamodb:DeleteItem',
                Resource: '*',
                Principal: { AWS: '*' },
              }),
            },
          },
        ],
        Role: role(...more),
      }),
    )['Role'];

  test.each<[string, readonly Readonly<Record<string, unknown>>[], string]>([
    ['who only reads', READ, 'compliant'],
    [
      'who stops the trail',
      [...READ, allow('cloudtrail:Stop*', '*')],
      'cloudtrail:StopLogging on the trail of the account',
    ],
    [
      'who deletes the log',
      [...READ, allow('logs:DeleteLogGroup', att('Logs'))],
      'logs:DeleteLogGroup on Data/Logs',
    ],
    [
      'who deletes audit rows',
      [...READ, allow('dynamodb:DeleteItem', att('Audit'))],
      'dynamodb:DeleteItem on Data/Audit',
    ],
    ['whom the table itself denies it', [...READ, allow('dynamodb:DeleteItem', att('Kept'))], 'compliant'],
    [
      'who disables the key',
      [...READ, allow('kms:ScheduleKeyDeletion', att('Key'))],
      'kms:ScheduleKeyDeletion on Data/Key',
    ],
    [
      'who takes the access log away',
      [...READ, allow('s3:PutBucketLogging', att('Bucket'))],
      's3:PutBucketLogging on the access log of Data/Bucket',
    ],
    [
      'who may do all but what is named',
      [...READ, { Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }],
      'cloudtrail:StopLogging',
    ],
    [
      'who changes rights',
      [...READ, allow('iam:AttachRolePolicy', '*')],
      'changes rights, and so may do everything',
    ],
    [
      'whom a denial keeps from it',
      [...READ, allow('cloudtrail:*', '*'), { Effect: 'Deny', Action: 'cloudtrail:*', Resource: '*' }],
      'compliant',
    ],
  ])('%s', (_words, statements, expected) => {
    expect(judge(...statements)).toContain(expected);
  });

  test('who silences and does not read is not its concern', () => {
    expect(judge(allow('cloudtrail:StopLogging', '*'))).toBeUndefined();
  });
});

describe('each flow is encrypted', () => {
  const judge = (resources: Planted): Readonly<Record<string, string>> =>
    verdicts('TemplateFlowEncrypted', plantedStack(resources));
  const forced = (value: string): Planted => ({
    Parameters: ['AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.force_ssl': value } }],
    Database: [
      'AWS::RDS::DBCluster',
      { ...tagged('PHI'), DBClusterParameterGroupName: { Ref: 'Parameters' } },
    ],
  });

  test('a listener, a target, a database and a queue, each good and bad', () => {
    expect(judge({ ...forced('1') })).toEqual({ Database: 'compliant' });
    expect(judge({ ...forced('0') })['Database']).toContain('TLS is not forced');
    const found = judge({
      ...forced('1'),
      Plain: [
        'AWS::ElasticLoadBalancingV2::Listener',
        { Protocol: 'HTTP', Port: 80, DefaultActions: [{ Type: 'forward' }] },
      ],
      Sends: [
        'AWS::ElasticLoadBalancingV2::Listener',
        { Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS' } }] },
      ],
      Target: ['AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTP' }],
      Queue: ['AWS::SQS::Queue', tagged('PHI')],
      Internal: ['AWS::SQS::Queue', tagged('Internal')],
    });
    expect(found).toEqual({
      Database: 'compliant',
      Plain: expect.stringContaining('HTTP is not encrypted') as string,
      Sends: 'compliant',
      Target: expect.stringContaining('HTTP inside the VPC') as string,
      Queue: expect.stringContaining('takes what does not come by TLS') as string,
    });
  });

  test('an environment without health data is not its concern', () => {
    expect(judge({ Target: ['AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTP' }] })).toEqual({});
  });
});

test('a service has to be on the list, or hold no health data', () => {
  const found = verdicts(
    'TemplateServiceEligible',
    plantedStack({ Queue: ['AWS::SQS::Queue'], Role: role(), Game: ['AWS::GameLift::Fleet'] }),
  );
  expect(found).toEqual({ Queue: 'compliant', Game: expect.stringContaining('AWS::GameLift') as string });
});

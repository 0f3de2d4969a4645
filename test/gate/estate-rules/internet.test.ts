import { allow, att, bucket, document, key, plantedStack, tagged } from '../estate/support';
import { type Planted, verdicts } from './support';

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
const open = (port: number, CidrIp = '0.0.0.0/0'): unknown => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  CidrIp,
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
const exposed = (PubliclyAccessible: boolean, range?: string): Planted => ({
  ...PUBLIC,
  Data: group(open(5432, range)),
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
    ...['128.0.0.0/1', '10.0.0.0/0', '203.0.113.0/24'].map((range): [string, Planted, string] => [
      `the same for ${range}`,
      exposed(true, range),
      'the internet → Data/Database on port 5432',
    ]),
    ['a port that is open to the private network alone', exposed(true, '10.0.0.0/8'), 'compliant'],
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

import { type Properties, type RuleCase } from './case';

const redirect = (Protocol: string): Properties => ({
  Protocol: 'HTTP',
  DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol } }],
});

const POSTGRES: Properties = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 };

/** Cases of the rules in lib/gate/template-rules/network.ts and ports.ts. */
export const networkCases: readonly RuleCase[] = [
  {
    rule: 'TemplateNoOpenIngress',
    type: 'AWS::EC2::SecurityGroup',
    good: [
      {},
      { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/8' }, { CidrIpv6: '2600:1f00::/24' }] },
      { SecurityGroupIngress: [{ CidrIp: { Ref: 'Key' } }, { CidrIp: '1.1.1.1/32' }] },
    ],
    bad: [
      { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16' }, { CidrIp: '0.0.0.0/0' }] },
      { SecurityGroupIngress: [{ CidrIpv6: '::/0' }] },
      // The same, by halves, from an address of its own, or by a choice of the deployment.
      { SecurityGroupIngress: [{ CidrIp: '0.0.0.0/1' }, { CidrIp: '128.0.0.0/1' }] },
      { SecurityGroupIngress: [{ CidrIpv6: '::/1' }, { CidrIpv6: '8000::/1' }] },
      { SecurityGroupIngress: [{ CidrIp: '1.1.1.1/0' }] },
      { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/0' }] },
      { SecurityGroupIngress: { 'Fn::If': ['Wide', [{ CidrIp: '0.0.0.0/0' }], []] } },
      { SecurityGroupIngress: [{ CidrIp: { 'Fn::If': ['Wide', '0.0.0.0/0', '10.0.0.0/8'] } }] },
      { SecurityGroupIngress: [{ CidrIp: { 'Fn::Join': ['/', ['0.0.0.0', '0']] } }] },
    ],
  },
  {
    rule: 'TemplateNoOpenIngress',
    type: 'AWS::EC2::SecurityGroupIngress',
    good: [{ CidrIp: '10.0.0.0/16' }],
    bad: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '128.0.0.0/1' }, { CidrIpv6: '8000::/1' }],
  },
  {
    rule: 'TemplateDataPortsPrivate',
    type: 'AWS::EC2::SecurityGroup',
    good: [
      {},
      ...['10.0.0.0/8', '172.31.0.0/16', '192.168.1.0/24', { Ref: 'Key' }].map((CidrIp) => ({
        SecurityGroupIngress: [{ CidrIp, ...POSTGRES }],
      })),
      { SecurityGroupIngress: [{ CidrIpv6: 'fd00:1::/32', ...POSTGRES }] },
      { SecurityGroupIngress: [{ CidrIp: '3.0.0.0/8', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }] },
      { SecurityGroupIngress: [{ CidrIp: '3.0.0.0/8', IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }] },
    ],
    bad: [
      ...['3.0.0.0/8', '203.0.113.5/32', '10.0.0.0/7', '172.32.0.0/16', '192.168.0.0/15'].map((CidrIp) => ({
        SecurityGroupIngress: [{ CidrIp, ...POSTGRES }],
      })),
      { SecurityGroupIngress: [{ CidrIpv6: '2600:1f00::/24', ...POSTGRES }] },
      {
        SecurityGroupIngress: [{ CidrIp: '3.0.0.0/8', IpProtocol: 'tcp', FromPort: '3000', ToPort: '4000' }],
      },
      { SecurityGroupIngress: [{ CidrIp: '3.0.0.0/8', IpProtocol: '-1' }] },
      { SecurityGroupIngress: [{ CidrIp: '3.0.0.0/8', ...POSTGRES, FromPort: { Ref: 'Key' } }] },
      { SecurityGroupIngress: { 'Fn::If': ['Wide', [{ CidrIp: '3.0.0.0/8', ...POSTGRES }], []] } },
    ],
  },
  {
    rule: 'TemplateDataPortsPrivate',
    type: 'AWS::EC2::SecurityGroupIngress',
    good: [
      { CidrIp: '10.0.0.0/16', ...POSTGRES },
      { SourceSecurityGroupId: { Ref: 'Key' }, ...POSTGRES },
    ],
    bad: [{ CidrIp: '3.0.0.0/8', ...POSTGRES }],
  },
  {
    rule: 'TemplateNoPublicSubnetAddress',
    type: 'AWS::EC2::Subnet',
    good: [{ MapPublicIpOnLaunch: false }],
    bad: [{ MapPublicIpOnLaunch: true }],
  },
  {
    rule: 'TemplateListenerTls',
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    good: [
      { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09' },
      { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
      redirect('HTTPS'),
    ],
    bad: [
      { Protocol: 'HTTPS' },
      { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-0-2021-06' },
      redirect('HTTP'),
      { Protocol: 'HTTP' },
    ],
  },
  {
    rule: 'TemplateTargetGroupHealth',
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    good: [{ Protocol: 'HTTP', HealthCheckPath: '/health' }, { Protocol: 'TCP' }],
    bad: [{ Protocol: 'HTTP' }, { Protocol: 'HTTP', HealthCheckPath: '/', HealthCheckEnabled: false }],
  },
  {
    rule: 'TemplateEndpointPolicy',
    type: 'AWS::EC2::VPCEndpoint',
    good: [{ PolicyDocument: { Statement: [] } }],
    bad: [{}],
  },
  {
    rule: 'TemplateVpcDefaultGroupClosed',
    type: 'AWS::EC2::VPC',
    good: [{}],
    bad: [{}],
    beside: {
      Closer: [
        'Custom::VpcRestrictDefaultSG',
        { DefaultSecurityGroupId: { 'Fn::GetAtt': ['Good0', 'DefaultSecurityGroup'] } },
      ],
    },
  },
];

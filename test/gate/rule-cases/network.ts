import { type Properties, type RuleCase } from './case';

const redirect = (Protocol: string): Properties => ({
  Protocol: 'HTTP',
  DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol } }],
});

/** Cases of the rules in lib/gate/template-rules/network.ts. */
export const networkCases: readonly RuleCase[] = [
  {
    rule: 'TemplateNoOpenIngress',
    type: 'AWS::EC2::SecurityGroup',
    good: [{}, { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16' }] }],
    bad: [
      { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16' }, { CidrIp: '0.0.0.0/0' }] },
      { SecurityGroupIngress: [{ CidrIpv6: '::/0' }] },
    ],
  },
  {
    rule: 'TemplateNoOpenIngress',
    type: 'AWS::EC2::SecurityGroupIngress',
    good: [{ CidrIp: '10.0.0.0/16' }],
    bad: [{ CidrIp: '0.0.0.0/0' }],
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

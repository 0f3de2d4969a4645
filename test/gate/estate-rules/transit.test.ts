import { plantedStack, tagged } from '../estate/support';
import { type Planted, verdicts } from './support';

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

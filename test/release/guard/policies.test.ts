import type { TemplateResource } from '../../../lib/release/guard/model';
import { allow, change, findings, IMPORTED, KEY, modified } from '../support/change-sets';

describe('a policy as text that is put together', () => {
  const resource = (PolicyDocument: unknown): TemplateResource => ({
    Type: 'AWS::Logs::ResourcePolicy',
    Properties: { PolicyDocument },
  });
  const joined = (action: string, arn: unknown = KEY, end = '}]}') =>
    resource({
      'Fn::Join': ['', [`{"Statement":[{"Effect":"Allow","Action":"${action}","Resource":"`, arn, `"${end}`]],
    });
  const added = (is: TemplateResource) =>
    findings([change({ action: 'Add', type: is.Type })], {}, { It: is });

  test('is read with what is put into it', () => {
    expect(modified(joined('logs:PutLogEvents'), joined('logs:*'))).toEqual(['allow logs:* on ${Key.Arn}']);
    expect(modified(joined('a:B', IMPORTED), joined('a:B'))).toEqual(['allow a:B on ${Key.Arn}']);
    expect(added(joined('a:B', IMPORTED, ',"Principal":"*"}]}'))).toEqual([
      'allow a:B on {"Fn::ImportValue":"Prod-Auth:ApiRole"} to *',
    ]);
    const sub = (action: string) =>
      resource({ 'Fn::Sub': `{"Statement":{"Effect":"Allow","Action":"${action}","Resource":"*"}}` });
    expect(modified(sub('a:B'), sub('a:C'))).toEqual(['allow a:C on *']);
  });

  test('is told where it cannot be read, also when it is new', () => {
    expect(added(joined('a:B', KEY, 'not JSON'))).toHaveLength(1);
    expect(added(resource({ Ref: 'Text' }))).toEqual(['allow something unread on ${Text}']);
    expect(added(resource({ Statement: [{ Ref: 'Text' }] }))).toHaveLength(1);
    expect(added(resource({ Statement: [allow('a:B', '*', { Effect: { Ref: 'Text' } })] }))).toHaveLength(1);
    expect(added(resource({ Statement: { RateBasedStatement: { Limit: 2000 } } }))).toEqual([]);
    expect(modified(resource({ Ref: 'Text' }), resource({ Ref: 'Text' }))).toEqual([]);
    expect(added(resource({ Ref: 'AWS::NoValue' }))).toEqual([]);
    expect(
      added({ Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { SslPolicy: 'ELB-1' } }),
    ).toEqual([]);
  });

  test('is read in both branches of a condition', () => {
    const either = { 'Fn::If': ['C', allow('*', '*'), { Ref: 'AWS::NoValue' }] };
    expect(added(resource({ Statement: [either] }))).toEqual(['allow * on *']);
  });
});

test('an endpoint without a policy lets everything through', () => {
  const endpoint = (Properties: Readonly<Record<string, unknown>>): TemplateResource => ({
    Type: 'AWS::EC2::VPCEndpoint',
    Properties,
  });
  const own = {
    Principal: { AWS: '*' },
    Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
  };
  const narrow = endpoint({ PolicyDocument: { Statement: [allow('s3:GetObject', '*', own)] } });
  expect(modified(narrow, endpoint({}))).toEqual(['allow * on * to *']);
  expect(modified(endpoint({}), narrow)).toEqual([]);
  const added = (is: TemplateResource) => findings([change({ action: 'Add' })], {}, { It: is });
  expect(added(endpoint({ VpcEndpointType: 'Interface' }))).toEqual(['allow * on * to *']);
  expect(added(narrow)).toEqual([]);
  expect(added(endpoint({ VpcEndpointType: 'GatewayLoadBalancer' }))).toEqual([]);
});

import type { Resources, TemplateResource } from '../../../lib/release/guard/model';
import { change, findings } from '../support/change-sets';

const group = (ingress: object[]): TemplateResource => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { SecurityGroupIngress: ingress },
});
const rule = (from: number, to: number, cidr: string, protocol = 'tcp') => ({
  IpProtocol: protocol,
  FromPort: from,
  ToPort: to,
  CidrIp: cidr,
});
const modified = (before: object[], after: object[]) =>
  findings([change({ type: 'AWS::EC2::SecurityGroup' })], { It: group(before) }, { It: group(after) });

test.each([
  ['a cluster', { VpcSecurityGroupIds: ['sg-0'] }, { VpcSecurityGroupIds: ['sg-0', 'sg-1'] }],
  ['an instance', { VPCSecurityGroups: ['sg-0'] }, { VPCSecurityGroups: ['sg-0', 'sg-1'] }],
  [
    'a function',
    { VpcConfig: { SecurityGroupIds: ['sg-0'] } },
    { VpcConfig: { SecurityGroupIds: ['sg-1', 'sg-0'] } },
  ],
])('%s that is there and joins a group needs leave', (_what, was, is) => {
  const of = (Properties: object) => ({
    It: { Type: 'AWS::RDS::DBCluster', Properties } as TemplateResource,
  });
  expect(findings([change({})], of(was), of(is))).toEqual(['join sg-1']);
  expect(findings([change({})], of(is), of(was))).toEqual([]);
});

test('more ports, another peer or every protocol need leave', () => {
  const narrow = [rule(443, 443, '10.0.0.0/16')];
  expect(modified(narrow, [rule(443, 444, '10.0.0.0/16')])).toEqual([
    'open ingress tcp 443-444 from 10.0.0.0/16',
  ]);
  expect(modified(narrow, [rule(443, 443, '0.0.0.0/0')])).toEqual(['open ingress tcp 443 from 0.0.0.0/0']);
  expect(modified(narrow, [rule(0, 0, '10.0.0.0/16', '-1')])).toEqual([
    'open ingress every protocol all ports from 10.0.0.0/16',
  ]);
});

test('less needs none', () => {
  expect(modified([rule(400, 500, '0.0.0.0/0')], [rule(443, 443, '10.0.0.0/16')])).toEqual([]);
  expect(modified([rule(443, 443, '10.0.0.0/16')], [])).toEqual([]);
});

test('a new rule on a group that is there needs leave; a new group only when it lets anybody in', () => {
  const single = (id: unknown): TemplateResource => ({
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: { GroupId: id, ...rule(22, 22, '10.1.0.0/16') },
  });
  const add = (resource: TemplateResource, before: Resources = {}) =>
    findings([change({ action: 'Add', type: resource.Type })], before, { ...before, It: resource });
  expect(add(single({ 'Fn::GetAtt': ['There', 'GroupId'] }), { There: group([]) })).toHaveLength(1);
  expect(add(single({ 'Fn::ImportValue': 'elsewhere' }))).toHaveLength(1);
  expect(add(single({ 'Fn::GetAtt': ['New', 'GroupId'] }))).toEqual([]);
  expect(add(group([rule(443, 443, '10.0.0.0/16')]))).toEqual([]);
  expect(add(group([rule(443, 443, '0.0.0.0/0')]))).toHaveLength(1);
});

test('halves of everything let anybody into a new group; a private network does not', () => {
  const added = (ingress: object[]) =>
    findings([change({ action: 'Add', type: 'AWS::EC2::SecurityGroup' })], {}, { It: group(ingress) });
  expect(added([rule(443, 443, '0.0.0.0/1'), rule(443, 443, '128.0.0.0/1')])).toHaveLength(2);
  expect(added([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv6: '2000::/3' }])).toHaveLength(1);
  expect(added([rule(443, 443, '10.0.0.0/8')])).toEqual([]);
});

test('what only the deployment chooses is judged by both choices', () => {
  const chosen = (cidr: string) => [{ 'Fn::If': ['Wide', rule(443, 443, cidr), { Ref: 'AWS::NoValue' }] }];
  expect(modified(chosen('10.0.0.0/16'), chosen('0.0.0.0/0'))).toEqual([
    'open ingress tcp 443 from 0.0.0.0/0',
  ]);
  expect(modified(chosen('10.0.0.0/16'), chosen('10.0.0.0/16'))).toEqual([]);
});

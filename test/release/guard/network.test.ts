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
  ['a network interface', { GroupSet: ['sg-0'] }, { GroupSet: ['sg-0', 'sg-1'] }],
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

describe('whom a new group lets in', () => {
  const list = (...ranges: unknown[]): TemplateResource => ({
    Type: 'AWS::EC2::PrefixList',
    Properties: { Entries: ranges.map((Cidr) => ({ Cidr })) },
  });
  const MORE: Resources = {
    Wide: list('10.0.0.0/8', '0.0.0.0/0'),
    Close: list('10.0.0.0/16', 'fd00::/16'),
    Unread: list({ 'Fn::ImportValue': 'Shared:Range' }),
    Vpc: { Type: 'AWS::EC2::VPC' },
    Named: { Type: 'Custom::Range' },
  };
  const added = (ingress: unknown) =>
    findings(
      [change({ action: 'Add', type: 'AWS::EC2::SecurityGroup' })],
      {},
      { ...MORE, It: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: ingress } } },
    );
  const from = (peer: object) => [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...peer }];

  test.each([
    ['a list of AWS', from({ SourcePrefixListId: 'pl-3b927c52' })],
    ['a list of another stack', from({ SourcePrefixListId: { 'Fn::ImportValue': 'Shared:List' } })],
    [
      'a list that holds everything',
      from({ SourcePrefixListId: { 'Fn::GetAtt': ['Wide', 'PrefixListId'] } }),
    ],
    ['a list that cannot be read', from({ SourcePrefixListId: { Ref: 'Unread' } })],
    ['a range that is selected', from({ CidrIp: { 'Fn::Select': [0, ['0.0.0.0/0']] } })],
    ['a range that is put together', from({ CidrIp: { 'Fn::Sub': ['${a}/0', { a: '0.0.0.0' }] } })],
    ['a range of another stack', from({ CidrIp: { 'Fn::ImportValue': 'Shared:Range' } })],
    ['a range that something else names', from({ CidrIpv6: { 'Fn::GetAtt': ['Named', 'Range'] } })],
    ['one of two branches', from({ CidrIp: { 'Fn::If': ['Wide', '0.0.0.0/0', '10.0.0.0/16'] } })],
    ['rules that cannot be read', { 'Fn::Select': [0, [[]]] }],
  ])('%s needs leave', (_what, ingress) => {
    expect(added(ingress)).toHaveLength(1);
  });

  test.each([
    ['a list of private ranges', from({ SourcePrefixListId: { 'Fn::GetAtt': ['Close', 'PrefixListId'] } })],
    ['the range of a network', from({ CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } })],
    ['a text that is a range', from({ CidrIp: { 'Fn::Sub': '10.0.0.0/16' } })],
    ['two private branches', from({ CidrIp: { 'Fn::If': ['Wide', '10.0.0.0/8', '10.0.0.0/16'] } })],
    ['a group of another stack', from({ SourceSecurityGroupId: { 'Fn::ImportValue': 'Network:Group' } })],
  ])('%s does not', (_what, ingress) => {
    expect(added(ingress)).toEqual([]);
  });

  test('a list that is there and holds more needs leave; less, and a new one that nothing names, does not', () => {
    const listed = (was: TemplateResource, is: TemplateResource) =>
      findings([change({ type: is.Type })], { It: was }, { It: is });
    expect(listed(list('10.0.0.0/24'), list('0.0.0.0/0'))).toEqual(['list 0.0.0.0/0']);
    expect(listed(list('10.0.0.0/24'), list('10.0.0.0/24', { 'Fn::ImportValue': 'Range' }))).toEqual([
      'list {"Fn::ImportValue":"Range"}',
    ]);
    expect(listed(list('10.0.0.0/24', '10.1.0.0/24'), list('10.1.0.0/24'))).toEqual([]);
    expect(
      findings([change({ action: 'Add', type: 'AWS::EC2::PrefixList' })], {}, { It: list('0.0.0.0/0') }),
    ).toEqual([]);
  });
});

import * as fc from 'fast-check';
import { judge } from '../../../lib/release/guard/judge';
import type { Change, Resources, TemplateResource } from '../../../lib/release/guard/model';
import { WAIVERS } from '../../../lib/release/guard/model';
import { guardText } from '../../../lib/release/guard/text';

const TODAY = '2026-03-01';
const change = (more: Partial<Change>): Change => ({
  action: 'Modify',
  id: 'It',
  type: 'AWS::S3::Bucket',
  replacement: 'False',
  properties: [],
  ...more,
});
const look = (changes: Change[], before: Resources, after: Resources, running?: string) =>
  judge(
    { stack: 'S', name: 'PipelineChange', changes, before, after },
    { today: TODAY, ...(running !== undefined && { running }) },
  );
const findings = (...of: Parameters<typeof look>) => look(...of).findings.map(({ change: what }) => what);

const leave = (what: string, expires = '2026-12-31') => ({
  [WAIVERS]: [
    {
      ...{ change: what, reason: 'a planned cut-over', owner: 'platform', approvedBy: 'security-officer' },
      ...{ ticket: 'REL-1', expires },
    },
  ],
});

describe('the way of the traffic', () => {
  const TYPES = [
    'AWS::ECS::Service',
    'AWS::ElasticLoadBalancingV2::Listener',
    'AWS::ElasticLoadBalancingV2::ListenerRule',
  ];

  test.each(TYPES)('a change of an %s needs leave, its first making does not', (type) => {
    const resources = { It: { Type: type } };
    expect(findings([change({ type })], resources, resources)).toEqual(['touch']);
    expect(findings([change({ type, replacement: 'True' })], resources, resources)).toEqual(['replace']);
    expect(findings([change({ type, action: 'Remove' })], resources, {})).toEqual(['remove']);
    expect(findings([change({ type, action: 'Add' })], {}, resources)).toEqual([]);
  });

  test('a target group may change, and may not be made anew', () => {
    const type = 'AWS::ElasticLoadBalancingV2::TargetGroup';
    const resources = { It: { Type: type } };
    expect(findings([change({ type })], resources, resources)).toEqual([]);
    expect(findings([change({ type, replacement: 'Conditional' })], resources, resources)).toEqual([
      'replace',
    ]);
  });

  test('leave holds, but not while a deployment runs', () => {
    const type = 'AWS::ElasticLoadBalancingV2::Listener';
    const resources = { It: { Type: type, Metadata: leave('touch') } };
    expect(look([change({ type })], resources, resources).passed).toBe(true);
    const report = look([change({ type })], resources, resources, 'd-RUNNING');
    expect(report.passed).toBe(false);
    expect(guardText(report)).toContain('d-RUNNING moves the traffic now');
  });
});

describe('data', () => {
  const resources = { It: { Type: 'AWS::S3::Bucket' } };

  test.each([
    ['replace', { replacement: 'True' }],
    ['replace', { replacement: 'Conditional' }],
    ['delete', { action: 'Remove' }],
    ['delete', { action: 'Remove', policy: 'Retain' }],
  ] as const)('%s needs leave (%j)', (what, more) => {
    expect(findings([change(more)], resources, 'replacement' in more ? resources : {})).toEqual([what]);
  });

  test('a new bucket, or one that changes in place, needs none', () => {
    expect(findings([change({ action: 'Add' })], {}, resources)).toEqual([]);
    expect(findings([change({})], resources, resources)).toEqual([]);
  });

  test('what is removed has its waiver in what is deployed', () => {
    const before = { It: { Type: 'AWS::S3::Bucket', Metadata: leave('delete') } };
    expect(look([change({ action: 'Remove' })], before, {}).passed).toBe(true);
  });
});

describe('waivers', () => {
  const run = (metadata: TemplateResource['Metadata']) => {
    const resources = { It: { Type: 'AWS::RDS::DBCluster', ...(metadata && { Metadata: metadata }) } };
    return look([change({ type: 'AWS::RDS::DBCluster', replacement: 'True' })], resources, resources);
  };

  test('must name exactly the change', () => {
    expect(run(leave('replace')).passed).toBe(true);
    expect(run(leave('replac')).passed).toBe(false);
    expect(run(leave('delete')).passed).toBe(false);
  });

  test('hold on their last day, and are told when they have ended', () => {
    expect(run(leave('replace', TODAY)).passed).toBe(true);
    const report = run(leave('replace', '2026-02-28'));
    expect(report.passed).toBe(false);
    expect(report.findings[0]?.notAllowed).toContain('ended on 2026-02-28');
    expect(report.badWaivers).toHaveLength(1);
  });

  test('without an owner or a reason allow nothing', () => {
    const [one] = leave('replace')[WAIVERS];
    const { owner: _owner, ...rest } = { ...one!, reason: '' };
    const report = run({ [WAIVERS]: [rest] });
    expect(_owner).toBe('platform');
    expect(report.passed).toBe(false);
    expect(report.badWaivers[0]?.words).toBe('A waiver lacks reason, owner.');
  });
});

describe('permissions', () => {
  const role = (statements: object[], more: object = {}): TemplateResource => ({
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: statements } }], ...more },
  });
  const allow = (action: unknown, resource: unknown, more: object = {}) => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...more,
  });
  const modified = (before: TemplateResource, after: TemplateResource) =>
    findings([change({ type: before.Type })], { It: before }, { It: after });
  const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };

  test.each([
    [
      'an action',
      [allow('s3:GetObject', KEY)],
      [allow(['s3:GetObject', 's3:PutObject'], KEY)],
      'allow s3:PutObject on ${Key.Arn}',
    ],
    ['a resource', [allow('s3:GetObject', KEY)], [allow('s3:GetObject', '*')], 'allow s3:GetObject on *'],
    [
      'no condition',
      [allow('s3:GetObject', '*', { Condition: { Bool: { x: 'true' } } })],
      [allow('s3:GetObject', '*')],
      'allow s3:GetObject on *',
    ],
    ['a lifted denial', [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }], [], 'lift: deny s3:* on *'],
    [
      'everything but',
      [allow('s3:GetObject', '*')],
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      'allow everything but iam:* on *',
    ],
  ])('%s more needs leave', (_what, before, after, words) => {
    expect(modified(role(before), role(after))).toEqual([words]);
  });

  test('less, another order, or what a wildcard covered already needs none', () => {
    const wide = role([allow('s3:*', 'arn:aws:s3:::data/*')]);
    expect(modified(wide, role([allow('s3:getobject', 'arn:aws:s3:::data/a')]))).toEqual([]);
    expect(
      modified(role([allow(['a:B', 'c:D'], '*')]), role([allow('c:D', '*'), allow('a:B', '*')])),
    ).toEqual([]);
    expect(modified(wide, role([]))).toEqual([]);
  });

  test('trust, managed policies, boundaries, key policies and invocations count', () => {
    const trust = (principal: object) =>
      role([], {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
        },
      });
    expect(modified(trust({ Service: 'ecs' }), trust({ Service: 'ecs', AWS: '111122223333' }))).toEqual([
      'allow sts:AssumeRole to AWS 111122223333',
    ]);
    expect(
      modified(role([]), role([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] })),
    ).toEqual(['allow all of on arn:aws:iam::aws:policy/ReadOnlyAccess']);
    expect(modified(role([], { PermissionsBoundary: 'arn:b' }), role([]))).toEqual(['change the boundary']);
    const permission = (principal: string): TemplateResource => ({
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', Principal: principal },
    });
    expect(modified(permission('events.amazonaws.com'), permission('*'))).toEqual([
      'allow lambda:InvokeFunction to *',
    ]);
  });

  test('a new key whose own policy gives the account all of it is not boundless: there `*` is the key', () => {
    const policy = (principal: object): TemplateResource => ({
      Type: 'AWS::KMS::Key',
      Properties: { KeyPolicy: { Statement: [allow('kms:*', '*', { Principal: principal })] } },
    });
    const added = (resource: TemplateResource) =>
      findings([change({ action: 'Add', type: resource.Type })], {}, { It: resource });
    expect(added(policy({ AWS: 'arn:aws:iam::111122223333:root' }))).toEqual([]);
    expect(added(policy({ AWS: '*' }))).toEqual(['allow kms:* on * to AWS *']);
  });

  test('a policy as text is read too', () => {
    const policy = (action: string): TemplateResource => ({
      Type: 'AWS::Logs::ResourcePolicy',
      Properties: { PolicyDocument: JSON.stringify({ Statement: [allow(action, '*')] }) },
    });
    expect(modified(policy('logs:PutLogEvents'), policy('logs:*'))).toEqual(['allow logs:* on *']);
  });

  test('a new role of its own needs none unless it is boundless; a new policy on a role that is there does', () => {
    const add = (resource: TemplateResource, before: Resources = {}) =>
      findings([change({ action: 'Add', type: resource.Type })], before, { ...before, It: resource });
    expect(add(role([allow('s3:GetObject', '*')]))).toEqual([]);
    expect(add(role([allow('*', '*')]))).toEqual(['allow * on *']);
    const policy = (roles: unknown[]): TemplateResource => ({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { Roles: roles, PolicyDocument: { Statement: [allow('s3:GetObject', KEY)] } },
    });
    expect(add(policy([{ Ref: 'There' }]), { There: role([]) })).toEqual([
      'allow s3:GetObject on ${Key.Arn}',
    ]);
    expect(add(policy(['written-out']))).toEqual(['allow s3:GetObject on ${Key.Arn}']);
    expect(add(policy([{ Ref: 'New' }]))).toEqual([]);
  });

  test('a policy that takes hold of another role that is there needs leave, of a new one it does not', () => {
    const policy = (...roles: unknown[]): TemplateResource => ({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { Roles: roles, PolicyDocument: { Statement: [allow('s3:GetObject', KEY)] } },
    });
    const there = { There: role([]), Other: role([]) };
    const modify = (was: TemplateResource, is: TemplateResource) =>
      findings([change({ type: was.Type })], { ...there, It: was }, { ...there, It: is });
    expect(modify(policy({ Ref: 'There' }), policy({ Ref: 'Other' }, { Ref: 'There' }))).toEqual([
      'attach to ${Other}',
    ]);
    expect(modify(policy({ Ref: 'There' }), policy({ Ref: 'There' }, 'written-out'))).toEqual([
      'attach to written-out',
    ]);
    expect(modify(policy({ Ref: 'There' }), policy({ Ref: 'There' }, { Ref: 'New' }))).toEqual([]);
    expect(modify(policy({ Ref: 'There' }, { Ref: 'Other' }), policy({ Ref: 'There' }))).toEqual([]);
  });

  test.each(['Role', 'TaskRoleArn'])('another %s of what is there needs leave', (name) => {
    const runs = (of: string): TemplateResource => ({
      Type: 'AWS::Lambda::Function',
      Properties: { [name]: { 'Fn::GetAtt': [of, 'Arn'] } },
    });
    expect(modified(runs('One'), runs('Two'))).toEqual([`take ${name} \${Two.Arn}`]);
    expect(modified(runs('One'), runs('One'))).toEqual([]);
  });

  test('a new role with a policy that only its name tells of needs leave, one that AWS keeps for a service does not', () => {
    const add = (arn: unknown) =>
      findings(
        [change({ action: 'Add', type: 'AWS::IAM::Role' })],
        {},
        {
          It: role([], { ManagedPolicyArns: [arn] }),
        },
      );
    const written = (name: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`]],
    });
    expect(add('arn:aws:iam::aws:policy/AdministratorAccess')).toHaveLength(1);
    expect(add(written('AdministratorAccess'))).toHaveLength(1);
    expect(add(written('service-role/AWSLambdaBasicExecutionRole'))).toEqual([]);
    expect(add({ Ref: 'Policy' })).toEqual([]);
  });

  test('a question mark covers one character and no wildcard', () => {
    const on = (resource: string) => role([allow('s3:GetObject', resource)]);
    expect(modified(on('arn:aws:s3:::b?'), on('arn:aws:s3:::b1'))).toEqual([]);
    expect(modified(on('arn:aws:s3:::b?'), on('arn:aws:s3:::b*'))).toHaveLength(1);
  });

  test('a subset of the grants never needs leave, and every grant more is found', () => {
    const action = fc.constantFrom('a:One', 'a:Two', 'b:One', 'b:Two', 'c:One');
    const resource = fc.constantFrom<unknown>('arn:x', 'arn:y', KEY);
    const statements = fc.array(fc.tuple(action, resource), { maxLength: 8 });
    const of = (pairs: readonly (readonly [string, unknown])[]) => role(pairs.map(([a, r]) => allow(a, r)));
    fc.assert(
      fc.property(statements, statements, (first, second) => {
        expect(modified(of([...first, ...second]), of(second))).toEqual([]);
        const keys = new Set(first.map((pair) => JSON.stringify(pair)));
        const more = new Set(second.map((pair) => JSON.stringify(pair)).filter((key) => !keys.has(key)));
        expect(modified(of(first), of(second))).toHaveLength(more.size);
      }),
    );
  });
});

describe('the network', () => {
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
});

test('tells an approver what changes, by its place in the code', () => {
  const resources = {
    It: {
      Type: 'AWS::S3::Bucket',
      Metadata: { 'aws:cdk:path': 'Prod/Data/Uploads/Resource', ...leave('replace') },
    },
    Other: { Type: 'AWS::RDS::DBCluster' },
  };
  const report = look(
    [
      change({ replacement: 'True', properties: ['BucketName'] }),
      change({
        id: 'Other',
        type: 'AWS::RDS::DBCluster',
        replacement: 'Conditional',
        properties: ['Engine'],
      }),
    ],
    resources,
    resources,
  );
  expect(guardText(report)).toBe(
    [
      'S: 0 new, 2 changed (2 made anew), 0 removed.',
      '  modify AWS::S3::Bucket Prod/Data/Uploads/Resource made anew: BucketName',
      '  modify AWS::RDS::DBCluster Other perhaps made anew: Engine',
      'Data:',
      '  Prod/Data/Uploads/Resource (AWS::S3::Bucket)',
      '    It is made anew and empty since BucketName changes. What it holds is deleted, unless its deletion policy says otherwise.',
      '    allowed: a planned cut-over (REL-1, platform, approved by security-officer, until 2026-12-31)',
      '  Other (AWS::RDS::DBCluster)',
      '    It may be made anew and empty since Engine changes. What it holds is deleted, unless its deletion policy says otherwise.',
      '    not allowed: there is no waiver of "replace" beside it',
      'Refused: 1 changes need leave and have none.',
    ].join('\n'),
  );
});

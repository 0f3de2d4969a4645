import * as fc from 'fast-check';
import type { Resources, TemplateResource } from '../../../lib/release/guard/model';
import { allow, change, findings, IMPORTED, KEY, modified } from '../support/change-sets';

const role = (statements: object[], more: object = {}): TemplateResource => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: statements } }], ...more },
});

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
  expect(modified(role([allow(['a:B', 'c:D'], '*')]), role([allow('c:D', '*'), allow('a:B', '*')]))).toEqual(
    [],
  );
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
    findings([change({ action: 'Add', type: resource.Type })], before, {
      ...{ New: role([]), It: resource },
      ...before,
    });
  expect(add(role([allow('s3:GetObject', '*')]))).toEqual([]);
  expect(add(role([allow('*', '*')]))).toEqual(['allow * on *']);
  const policy = (roles: unknown[]): TemplateResource => ({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Roles: roles, PolicyDocument: { Statement: [allow('s3:GetObject', KEY)] } },
  });
  expect(add(policy([{ Ref: 'There' }]), { There: role([]) })).toEqual(['allow s3:GetObject on ${Key.Arn}']);
  expect(add(policy(['written-out']))).toEqual(['allow s3:GetObject on ${Key.Arn}']);
  expect(add(policy([{ Ref: 'New' }]))).toEqual([]);
});

describe('a new policy on a role of elsewhere', () => {
  const policy = (holder: unknown, action: string, type = 'AWS::IAM::ManagedPolicy'): TemplateResource => ({
    Type: type,
    Properties: { Roles: [holder], PolicyDocument: { Statement: [allow(action, KEY)] } },
  });
  const THERE: Resources = { Other: { Type: 'AWS::SNS::Topic' } };
  const add = (is: TemplateResource, before: Resources, more: Resources = {}) =>
    findings([change({ action: 'Add', type: is.Type })], before, { ...before, ...more, It: is });

  test.each(['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'])('needs leave as an %s', (type) => {
    expect(add(policy(IMPORTED, 's3:GetObject', type), THERE)).toEqual(['allow s3:GetObject on ${Key.Arn}']);
  });

  test.each(['Role', 'User', 'Group'])('needs leave as a policy of one %s', (kind) => {
    const one = (name: unknown): TemplateResource => ({
      Type: `AWS::IAM::${kind}Policy`,
      Properties: {
        [`${kind}Name`]: name,
        PolicyDocument: { Statement: [allow('s3:GetObject', KEY)] },
      },
    });
    for (const name of ['written-out', IMPORTED, { Ref: 'There' }])
      expect(add(one(name), { ...THERE, There: { Type: `AWS::IAM::${kind}` } })).toEqual([
        'allow s3:GetObject on ${Key.Arn}',
      ]);
    expect(add(one({ Ref: 'New' }), THERE, { New: { Type: `AWS::IAM::${kind}` } })).toEqual([]);
  });

  test.each([
    ['a parameter names', { Ref: 'Parameter' }, {}],
    ['something else than a role names', { Ref: 'Named' }, { Named: { Type: 'Custom::Name' } }],
    ['a text names', { 'Fn::Sub': 'api-${Named}' }, { Named: role([]) }],
  ] as const)('needs leave where %s it', (_how, holder, more) => {
    expect(add(policy(holder, 's3:GetObject'), THERE, more)).toHaveLength(1);
  });

  test('needs none in a stack that is created itself, unless it is boundless', () => {
    expect(add(policy(IMPORTED, 's3:GetObject'), {})).toEqual([]);
    const anything = { PolicyDocument: { Statement: [allow('*', '*')] } };
    const wide = { Type: 'AWS::IAM::Policy', Properties: { Roles: [IMPORTED], ...anything } };
    expect(add(wide, {})).toEqual(['allow * on *']);
    expect(add(policy('written-out', 's3:GetObject'), {})).toHaveLength(1);
  });
});

test('a policy that takes hold of another role that is there needs leave, of a new one it does not', () => {
  const policy = (...roles: unknown[]): TemplateResource => ({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Roles: roles, PolicyDocument: { Statement: [allow('s3:GetObject', KEY)] } },
  });
  const there = { There: role([]), Other: role([]) };
  const modify = (was: TemplateResource, is: TemplateResource) =>
    findings([change({ type: was.Type })], { ...there, It: was }, { ...there, New: role([]), It: is });
  expect(modify(policy({ Ref: 'There' }), policy({ Ref: 'Other' }, { Ref: 'There' }))).toEqual([
    'attach to ${Other}',
  ]);
  expect(modify(policy({ Ref: 'There' }), policy({ Ref: 'There' }, 'written-out'))).toEqual([
    'attach to written-out',
  ]);
  expect(modify(policy({ Ref: 'There' }), policy({ Ref: 'There' }, IMPORTED))).toEqual([
    'attach to {"Fn::ImportValue":"Prod-Auth:ApiRole"}',
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
  expect(add(written('AWSBackupServiceRolePolicyForS3Restore'))).toEqual([]);
  expect(add('arn:aws:iam::111122223333:policy/service-role/OwnName')).toHaveLength(1);
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

import type { Resources, TemplateResource } from '../../../lib/release/guard/model';
import { allow, change, findings, KEY, leave, look } from '../support/change-sets';

const deny = (more: object = {}) => ({ Effect: 'Deny', Action: 's3:*', Resource: '*', ...more });
const of = (Type: string, Properties: object = {}): TemplateResource => ({
  Type,
  Properties: { ...Properties },
});
const policy = (Type: string, statements: unknown, more: object): TemplateResource =>
  of(Type, { PolicyDocument: { Statement: statements }, ...more });
const STAY: Resources = {
  Role: of('AWS::IAM::Role'),
  Other: of('AWS::IAM::Role'),
  Group: of('AWS::IAM::Group'),
  Bucket: of('AWS::S3::Bucket'),
  Logs: of('AWS::S3::Bucket'),
  Topic: of('AWS::SNS::Topic'),
  Queue: of('AWS::SQS::Queue'),
};
/** What is found where one resource changes among those that stay, some that go and some that come. */
const moved = (was: TemplateResource, is: TemplateResource, go: Resources = {}, come: Resources = {}) =>
  findings([change({ type: was.Type })], { ...STAY, ...go, It: was }, { ...STAY, ...come, It: is });
const ref = (Ref: string) => ({ Ref });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('a denial that stays in its policy', () => {
  test.each([
    ['AWS::IAM::ManagedPolicy', { Roles: [ref('Role'), ref('Other')] }, { Roles: [ref('Other')] }, 'Role'],
    ['AWS::IAM::Policy', { Groups: [ref('Group')], Roles: [ref('Role')] }, { Roles: [ref('Role')] }, 'Group'],
    ['AWS::IAM::RolePolicy', { RoleName: ref('Role') }, { RoleName: ref('Other') }, 'Role'],
    ['AWS::S3::BucketPolicy', { Bucket: ref('Bucket') }, { Bucket: ref('Logs') }, 'Bucket'],
    ['AWS::SNS::TopicPolicy', { Topics: [ref('Topic')] }, { Topics: [] }, 'Topic'],
    ['AWS::SQS::QueuePolicy', { Queues: [ref('Queue'), ref('Other')] }, { Queues: [ref('Other')] }, 'Queue'],
  ])('of an %s needs leave to hold for less (%j, %j)', (type, was, is, lost) => {
    const words = `lift from \${${lost}}: deny s3:* on *`;
    expect(moved(policy(type, deny(), was), policy(type, deny(), is))).toEqual([words]);
    expect(moved(policy(type, deny(), was), policy(type, [deny(), deny()], was))).toEqual([]);
  });

  test('needs leave for each holder, whose waiver names it', () => {
    const type = 'AWS::IAM::ManagedPolicy';
    const was = policy(type, deny(), { Roles: [ref('Role'), ref('Other')] });
    const is = { ...policy(type, deny(), {}), Metadata: leave('lift from ${Role}: deny s3:* on *') };
    const report = look([change({ type })], { ...STAY, It: was }, { ...STAY, It: is });
    expect(report.findings.map(({ waiver }) => waiver !== undefined)).toEqual([true, false]);
  });

  test('needs none where it held for what goes, or is named by another attribute', () => {
    const bucket = (Bucket: unknown) => policy('AWS::S3::BucketPolicy', deny(), { Bucket });
    expect(moved(bucket(ref('Old')), bucket(ref('Bucket')), { Old: of('AWS::S3::Bucket') })).toEqual([]);
    const queue = (of: unknown) => policy('AWS::SQS::QueuePolicy', deny(), { Queues: [of] });
    expect(moved(queue(ref('Queue')), queue({ 'Fn::GetAtt': ['Queue', 'QueueUrl'] }))).toEqual([]);
  });

  test('is lost where only one branch of a choice has it, and not where it was so before', () => {
    const either = (when: string) => ({ 'Fn::If': [when, deny(), ref('AWS::NoValue')] });
    const role = (statements: unknown) =>
      policy('AWS::IAM::RolePolicy', statements, { RoleName: ref('Role') });
    expect(moved(role([deny()]), role([either('Strict')]))).toEqual(['lift: deny s3:* on *']);
    expect(moved(role([either('Strict')]), role([either('Strict')]))).toEqual([]);
    expect(moved(role([either('Strict')]), role([either('Other')]))).toHaveLength(1);
    expect(moved(role([either('Strict')]), role([deny()]))).toEqual([]);
    const whole = (document: object) => of('AWS::IAM::RolePolicy', { PolicyDocument: document });
    const document = { Statement: [deny()] };
    expect(moved(whole(document), whole({ 'Fn::If': ['Strict', document, { Statement: [] }] }))).toEqual([
      'lift: deny s3:* on *',
    ]);
  });

  test('is lost where it is narrower, and not where it is wider', () => {
    const role = (statement: object) =>
      policy('AWS::IAM::RolePolicy', [statement], { RoleName: ref('Role') });
    const narrow = deny({ Action: 's3:PutObject', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(moved(role(deny()), role(narrow))).toEqual(['lift: deny s3:* on *']);
    expect(moved(role(narrow), role(deny()))).toEqual([]);
    const but = (...NotAction: string[]) => ({ Effect: 'Deny', NotAction, Resource: '*' });
    expect(moved(role(but('a:B')), role(but('a:B', 'c:D')))).toHaveLength(1);
  });
});

describe('a policy that a role lets go', () => {
  const role = (...ManagedPolicyArns: unknown[]) => of('AWS::IAM::Role', { ManagedPolicyArns });
  const held = (statement: object) => ({ Held: policy('AWS::IAM::ManagedPolicy', [statement], {}) });
  const shed = (arn: unknown, more: Resources = {}) => moved(role(arn), role(), more, more);

  test('needs leave where it denies, or nobody can tell', () => {
    expect(shed(ref('Held'), held(deny()))).toEqual(['lift from ${It}: deny s3:* on *']);
    expect(shed('arn:aws:iam::aws:policy/AWSDenyAll')).toEqual(['detach arn:aws:iam::aws:policy/AWSDenyAll']);
    expect(shed('arn:aws:iam::111122223333:policy/own')).toEqual([
      'detach arn:aws:iam::111122223333:policy/own',
    ]);
    expect(shed({ 'Fn::ImportValue': 'Prod-Auth:Bounds' })).toHaveLength(1);
  });

  test('needs none where it allows alone, as those that AWS keeps', () => {
    expect(shed(ref('Held'), held(allow('s3:GetObject', '*')))).toEqual([]);
    expect(shed('arn:aws:iam::aws:policy/ReadOnlyAccess')).toEqual([]);
  });
});

describe('a policy that moves to another resource', () => {
  const bucket = (Bucket: unknown, statement: object) =>
    policy('AWS::S3::BucketPolicy', [statement], { Bucket });

  test('needs leave where it allows and the other is there', () => {
    const lets = (id: string) => bucket(ref(id), allow('s3:GetObject', '*'));
    expect(moved(lets('Bucket'), lets('Logs'))).toEqual(['attach to ${Logs}']);
    expect(moved(lets('Bucket'), lets('New'), {}, { New: of('AWS::S3::Bucket') })).toEqual([]);
  });

  test('needs none on a further one where it denies alone', () => {
    const denies = (...Queues: unknown[]) => policy('AWS::SQS::QueuePolicy', [deny()], { Queues });
    expect(moved(denies(ref('Queue')), denies(ref('Queue'), 'other'))).toEqual([]);
  });
});

describe('leave to invoke a function', () => {
  const FUNCTIONS: Resources = {
    Api: of('AWS::Lambda::Function'),
    Admin: of('AWS::Lambda::Function'),
    Live: of('AWS::Lambda::Alias', { FunctionName: ref('Api') }),
    Version1: of('AWS::Lambda::Version', { FunctionName: ref('Api') }),
  };
  const permission = (FunctionName: unknown) =>
    of('AWS::Lambda::Permission', {
      ...{ FunctionName, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: KEY },
    });
  const redirected = (was: unknown, is: unknown, come: Resources = {}) =>
    (['False', 'True'] as const).map((replacement) =>
      findings(
        [change({ type: 'AWS::Lambda::Permission', replacement, properties: ['FunctionName'] })],
        { ...FUNCTIONS, It: permission(was) },
        { ...FUNCTIONS, ...come, It: permission(is) },
      ),
    );
  const version = (name: string) => of('AWS::Lambda::Version', { FunctionName: ref(name) });

  test.each([
    ['another function', arn('Api'), arn('Admin'), '${Admin.Arn}', {}],
    ['an alias', arn('Api'), ref('Live'), '${Live}', {}],
    [
      'a new alias of a function that is there',
      ref('Live'),
      ref('Beta'),
      '${Beta}',
      { Beta: FUNCTIONS.Live! },
    ],
    ['a version of another function', ref('Version1'), ref('V'), '${Admin}', { V: version('Admin') }],
    ['a function by its name', arn('Api'), 'admin', 'admin', {}],
    ['what a parameter names', arn('Api'), ref('Name'), '${Name}', {}],
  ] as const)('needs leave for %s', (_what, was, is, name, come) => {
    expect(redirected(was, is, come)).toEqual([[`attach to ${name}`], [`attach to ${name}`]]);
  });

  test.each([
    ['a new function', arn('Api'), arn('New'), { New: FUNCTIONS.Api! }],
    ['the next version of the same function', ref('Version1'), ref('V'), { V: version('Api') }],
    ['another attribute of the same function', arn('Api'), ref('Api'), {}],
  ] as const)('needs none for %s', (_what, was, is, come) => {
    expect(redirected(was, is, come)).toEqual([[], []]);
  });
});

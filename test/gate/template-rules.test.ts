import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { explainWildcard } from '../../lib/gate';
import { TEMPLATE_RULES } from '../../lib/gate/template-rules';
import { type Properties, RULE_CASES } from './rule-cases';
import { gatedApp, ledgerOf, raw, refusal, stackIn } from './support';

/** What a rule says of resources in one template, by logical id; `n/a` when the ledger holds no verdict. */
function verdicts(
  rule: string,
  resources: Readonly<Record<string, readonly [string, Properties]>>,
  production = false,
): string[] {
  const app = gatedApp();
  const stack = stackIn(app, 'Dev', production);
  for (const [id, [type, properties]] of Object.entries(resources)) raw(stack, id, type, properties);
  refusal(app);
  const { evaluations } = ledgerOf(app);
  return Object.keys(resources).map(
    (id) => evaluations.find((e) => e.rule === rule && e.path === `Dev/Data/${id}`)?.result ?? 'n/a',
  );
}

test.each(RULE_CASES.map((c) => [c.rule, c.type, c] as const))(
  '%s on %s',
  (rule, type, { good, bad, otherwise, production, beside }) => {
    const named = (prefix: string, all: readonly Properties[]) =>
      all.map((p, index) => [`${prefix}${index}`, [type, p]] as const);
    const cases = [
      ...named('Good', good),
      ...named('Bad', bad),
      ...named('Other', otherwise ? [otherwise] : []),
    ];
    const resources = Object.fromEntries([
      ...cases,
      ['Foreign', ['AWS::SSM::Parameter', {}] as const],
      ...Object.entries(beside ?? {}),
    ]);
    expect(verdicts(rule, resources, production).slice(0, cases.length + 1)).toEqual([
      ...good.map(() => 'compliant'),
      ...bad.map(() => 'non-compliant'),
      ...(otherwise ? ['n/a'] : []),
      'n/a',
    ]);
  },
);

test.each<[string, (stack: Stack) => void, boolean]>([
  ['the template', (stack) => stack.addTransform('Rewrite'), true],
  [
    'its metadata',
    (stack) => (stack.templateOptions.metadata = { Of: { 'Fn::Transform': { Name: 'A' } } }),
    true,
  ],
  ['nothing', (stack) => (stack.templateOptions.metadata = { Transform: 'none' }), false],
])('a macro that rewrites %s may rewrite every resource', (_what, rewrite, found) => {
  const app = gatedApp();
  const stack = stackIn(app);
  raw(stack, 'Topic', 'AWS::SNS::Topic', { KmsMasterKeyId: 'key' });
  rewrite(stack);
  expect(refusal(app).includes('TemplateNoTransform')).toBe(found);
});

test("accounts of the application's other stacks are no strangers, as the pipeline's is none to its environments", () => {
  const app = gatedApp();
  const trust = (id: string, account: string): [string, string, Properties] => [
    id,
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: account } }] } },
  ];
  new Stack(app, 'Pipeline', { env: { account: '444444444444', region: 'us-east-1' } });
  const stack = stackIn(app);
  raw(stack, ...trust('Known', '444444444444'));
  raw(stack, ...trust('Stranger', '444444444445'));
  refusal(app);
  const found = ledgerOf(app).evaluations.filter(({ rule }) => rule === 'TemplateNoForeignAccount');
  expect(found.map(({ path, result }) => `${path} ${result}`).sort()).toEqual([
    'Dev/Data/Known compliant',
    'Dev/Data/Stranger non-compliant',
  ]);
});

test('a bucket needs a policy of its own stack that refuses plain HTTP', () => {
  const deny = (bucket: string, secure: string): Properties => ({
    Bucket: { Ref: bucket },
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': secure } },
        },
      ],
    },
  });
  const found = verdicts('TemplateS3TlsOnly', {
    Good: ['AWS::S3::Bucket', {}],
    Wrong: ['AWS::S3::Bucket', {}],
    None: ['AWS::S3::Bucket', {}],
    GoodPolicy: ['AWS::S3::BucketPolicy', deny('Good', 'false')],
    WrongPolicy: ['AWS::S3::BucketPolicy', deny('Wrong', 'true')],
  });
  expect(found).toEqual(['compliant', 'non-compliant', 'non-compliant', 'n/a', 'n/a']);
});

test('a function needs a log group of its stack, named or under the implicit name', () => {
  const found = verdicts('TemplateLambdaLogGroup', {
    Named: ['AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: 'Logs' } } }],
    Implicit: ['AWS::Lambda::Function', {}],
    None: ['AWS::Lambda::Function', {}],
    Logs: ['AWS::Logs::LogGroup', {}],
    ImplicitLogs: [
      'AWS::Logs::LogGroup',
      { LogGroupName: { 'Fn::Join': ['', ['/aws/lambda/', { Ref: 'Implicit' }]] } },
    ],
  });
  expect(found).toEqual(['compliant', 'compliant', 'non-compliant', 'n/a', 'n/a']);
});

test('production keeps what holds data; elsewhere the rule is silent', () => {
  for (const [production, policy, result] of [
    [true, RemovalPolicy.RETAIN, 'compliant'],
    [true, RemovalPolicy.DESTROY, 'non-compliant'],
    [false, RemovalPolicy.DESTROY, undefined],
  ] as const) {
    const app = gatedApp();
    raw(stackIn(app, 'Dev', production), 'Table', 'AWS::DynamoDB::Table', {}).applyRemovalPolicy(policy);
    refusal(app);
    expect(ledgerOf(app).evaluations.find(({ rule }) => rule === 'TemplateStatefulKept')?.result).toBe(
      result,
    );
  }
});

test('what can be tagged carries every required tag', () => {
  const app = gatedApp();
  const stack = stackIn(app);
  new sqs.CfnQueue(stack, 'Tagged');
  Tags.of(new sqs.CfnQueue(stack, 'Untagged')).remove('Owner', { priority: 500 });
  new sqs.CfnQueue(stack, 'Overridden').addPropertyDeletionOverride('Tags');
  refusal(app);
  const results = ledgerOf(app).evaluations.filter(({ rule }) => rule === 'TemplateTags');
  expect(results.map(({ path, result }) => [path, result])).toEqual([
    ['Dev/Data/Overridden', 'non-compliant'],
    ['Dev/Data/Tagged', 'compliant'],
    ['Dev/Data/Untagged', 'non-compliant'],
  ]);
});

test('a wildcard resource is let through for the actions that are explained, and no other', () => {
  const app = gatedApp();
  const document = (Action: readonly string[]): Properties => ({
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
  });
  const stack = stackIn(app);
  const explained = raw(stack, 'Explained', 'AWS::IAM::ManagedPolicy', document(['chime:CreateMeeting']));
  const half = raw(
    stack,
    'Half',
    'AWS::IAM::ManagedPolicy',
    document(['chime:CreateMeeting', 's3:GetObject']),
  );
  for (const scope of [explained, half])
    explainWildcard(scope, { 'chime:CreateMeeting': 'A meeting has no ARN before it is made' });
  const said = refusal(app);
  expect(said).toContain('Dev/Data/Half');
  expect(said).not.toContain('Dev/Data/Explained');
});

test('no reason for wildcards holds for a whole stack, environment or application', () => {
  const app = gatedApp();
  const stack = stackIn(app, 'Dev');
  for (const scope of [app, stack.node.scope, stack])
    if (scope)
      expect(() => explainWildcard(scope, { 's3:GetObject': 'A reason that is long enough' })).toThrow(
        /reasons for wildcards are written for one policy/,
      );
});

test('what is for production only is silent elsewhere', () => {
  for (const { rule, type, bad } of RULE_CASES.filter(({ production }) => production))
    expect(verdicts(rule, { Bad: [type, bad[0] ?? {}] })).toEqual(['n/a']);
});

test('every rule has cases, a control, a reason and a way to mend', () => {
  const several = ['TemplateS3TlsOnly', 'TemplateLambdaLogGroup', 'TemplateStatefulKept', 'TemplateTags'];
  expect(TEMPLATE_RULES.map(({ id }) => id).sort()).toEqual(
    [...new Set([...RULE_CASES.map((c) => c.rule), ...several])].sort(),
  );
  for (const { id, controls, rationale, mend } of TEMPLATE_RULES) {
    expect(id).toMatch(/^Template[A-Z]/);
    expect(controls.every((control) => /^164\.3\d\d\(/.test(control)) && controls.length > 0).toBe(true);
    expect(Math.min(rationale.length, mend.length)).toBeGreaterThan(10);
  }
});

test('a resource whose name in the template is overridden is judged under that name', () => {
  const app = gatedApp();
  const queue = raw(stackIn(app, 'Dev', false), 'Queue', 'AWS::SQS::Queue', {});
  queue.overrideLogicalId('NamedOtherwise');
  refusal(app);
  const { resources } = ledgerOf(app);
  expect(resources).toContainEqual(
    expect.objectContaining({ path: 'Dev/Data/Queue', logicalId: 'NamedOtherwise' }),
  );
});

import { type App, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { accept, type Acceptance, explainWildcard } from '../../lib/gate';
import { LEDGER_FILE } from '../../lib/gate/ledger';
import { ACCEPTANCE, gatedApp, ledgerOf, raw, refusal, stackIn } from './support';

const RULE = 'TemplateSqsEncrypted';

/** What the gate says of a queue without key whose finding is accepted in these words. */
function judged(words: Partial<Acceptance>, rule = RULE): string {
  const app = gatedApp();
  accept(raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {}), rule, { ...ACCEPTANCE, ...words });
  return refusal(app).replace(/\s+/g, ' ');
}

test('a good acceptance lets the synth pass, and the ledger and the report both show it', () => {
  const app = gatedApp();
  accept(raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {}), RULE, ACCEPTANCE);
  expect(refusal(app)).toBe('');
  const { acceptances, evaluations } = ledgerOf(app);
  expect(acceptances).toEqual([
    { path: 'Dev/Data/Queue', rule: RULE, ...ACCEPTANCE, covers: ['Dev/Data/Queue'] },
  ]);
  expect(evaluations).toContainEqual(
    expect.objectContaining({ rule: RULE, result: 'non-compliant', acceptedAt: 'Dev/Data/Queue' }),
  );
  expect(fs.readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')).toContain(
    'HIPAA-12, until 2027-10-31',
  );
});

test.each<[string, Partial<Acceptance>]>([
  ['AcceptanceExpired', { expires: '2026-11-22' }],
  ['AcceptanceTooLong', { expires: '2027-11-24' }],
  ['AcceptanceUndated', { expires: '2027-02-30' }],
  ['AcceptanceUnexplained', { reason: 'because' }],
  ['AcceptanceUnexplained', { compensatingControl: '' }],
  ['AcceptanceUnowned', { owner: '' }],
  ['AcceptanceUnowned', { approvedBy: ' ' }],
  ['AcceptanceUnowned', { approvedBy: 'platform-engineering' }],
  ['AcceptanceUnowned', { approvedBy: 'Platform-Engineering ' }],
  ['AcceptanceWithoutTicket', { ticket: 'soon' }],
])('%s: %p is refused, with path, rule, value and how to mend', (name, words) => {
  const said = judged(words);
  const [field, value] = Object.entries(words)[0] ?? ['', ''];
  expect(said).toContain(name);
  expect(said).toContain(`Dev/Data/Queue, acceptance of ${RULE}: ${field} "${String(value)}", expected `);
});

test.each(['2026-11-23', '2027-11-23'])('the last day %s still holds', (expires) => {
  expect(judged({ expires })).toBe('');
});

test('one that is past its date names the role that answers for it', () => {
  expect(judged({ expires: '2026-11-22' })).toContain('platform-engineering answers for it');
});

test('one that is approved for some environments leaves the finding open in every other', () => {
  const app = gatedApp();
  for (const stage of ['Dev', 'Prod'])
    accept(raw(stackIn(app, stage), 'Queue', 'AWS::SQS::Queue', {}), RULE, {
      ...ACCEPTANCE,
      environments: ['Dev'],
    });
  const said = refusal(app);
  expect(said).toContain('Prod/Data/Queue');
  expect(said).not.toContain('Dev/Data/Queue');
  expect(ledgerOf(app).acceptances.map(({ path: place }) => place)).toEqual(['Dev/Data/Queue']);
});

test('an unknown rule and one without a legitimate exception are refused', () => {
  expect(judged({}, 'S3BucketLogingEnabled')).toContain('AcceptanceUnknownRule');
  expect(judged({}, 'S3BucketVersioningEnabled')).toContain('AcceptanceNotAllowed');
});

test('everything wrong is said at once', () => {
  const said = judged({ expires: '2020-01-01', owner: '', ticket: '', reason: '' });
  for (const name of [
    'AcceptanceExpired',
    'AcceptanceUnowned',
    'AcceptanceWithoutTicket',
    'AcceptanceUnexplained',
  ])
    expect(said).toContain(name);
});

test('an acceptance that no environment needs is stale; one that some environment needs is not', () => {
  const stale = gatedApp();
  accept(raw(stackIn(stale), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' }), RULE, ACCEPTANCE);
  expect(refusal(stale)).toContain('AcceptanceStale');

  const needed = gatedApp();
  accept(
    raw(stackIn(needed, 'Dev'), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' }),
    RULE,
    ACCEPTANCE,
  );
  accept(raw(stackIn(needed, 'Prod'), 'Queue', 'AWS::SQS::Queue', {}), RULE, ACCEPTANCE);
  expect(refusal(needed)).toBe('');

  const part = gatedApp(false);
  accept(raw(stackIn(part), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' }), RULE, ACCEPTANCE);
  expect(refusal(part)).toBe('');
});

test('an acceptance for a stack, a stage, the application or a construct further out is over-broad', () => {
  const scopes = [
    (app: App) => app,
    (app: App) => app.node.findChild('Dev'),
    (app: App) => app.node.findChild('Dev').node.findChild('Data'),
  ];
  for (const scope of scopes) {
    const app = gatedApp();
    raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {});
    accept(scope(app), RULE, ACCEPTANCE);
    expect(refusal(app)).toContain('AcceptanceOverBroad');
  }
});

test('an acknowledgement past accept() is refused, whatever form its id has', () => {
  for (const id of [`HIPAA.Templates::${RULE}`, 'HIPAA.Security-S3BucketLoggingEnabled']) {
    const app = gatedApp();
    const queue = raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {});
    // The very call that the lint rule bans.
    const validations = Validations.of(queue);
    validations['acknowledge']({ id, reason: 'no owner, no expiry' });
    expect(refusal(app)).toContain('AcceptanceRaw');
  }
});

test('an acknowledgement for the whole application past accept() is refused too', () => {
  for (const id of [`HIPAA.Templates::${RULE}`, 'HIPAA.Security-SNSEncryptedKMS']) {
    const app = gatedApp();
    const stack = stackIn(app);
    raw(stack, 'Queue', 'AWS::SQS::Queue', {});
    raw(stack, 'Topic', 'AWS::SNS::Topic', {});
    Validations.of(app)['acknowledge']({ id, reason: 'no owner, no expiry' });
    expect(refusal(app)).toContain('AcceptanceRaw');
  }
});

test('a finding that cdk-nag calls a warning fails beside an accepted one', () => {
  const app = gatedApp();
  const stack = stackIn(app);
  accept(raw(stack, 'Queue', 'AWS::SQS::Queue', {}), RULE, ACCEPTANCE);
  new ec2.CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
  expect(refusal(app)).toContain('HIPAA.Security-VPCDefaultSecurityGroupClosed');
});

test('what the gate says of acceptances cannot itself be accepted', () => {
  const app = gatedApp();
  const queue = raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {});
  accept(queue, RULE, { ...ACCEPTANCE, expires: '2020-01-01' });
  Validations.of(queue)['acknowledge']({ id: 'HIPAA.Acceptances::AcceptanceExpired', reason: 'try' });
  expect(refusal(app)).toContain('AcceptanceExpired');
});

test('two synths of the same application leave the same ledger, without a path of this machine', () => {
  const texts = [1, 2].map(() => {
    const app = gatedApp();
    accept(raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {}), RULE, ACCEPTANCE);
    app.synth();
    return fs.readFileSync(path.join(app.outdir, LEDGER_FILE), 'utf8');
  });
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toContain(process.cwd());
});

test('a reason for a wildcard is a sentence', () => {
  const policy = raw(stackIn(gatedApp()), 'Policy', 'AWS::IAM::ManagedPolicy', {});
  expect(() => explainWildcard(policy, { 'chime:CreateMeeting': 'needed' })).toThrow('expected a sentence');
});

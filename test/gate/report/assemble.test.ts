import { accept } from '../../../lib/gate';
import { CATALOGUE, CHECKS } from '../../../lib/gate/catalogue';
import { assemble } from '../../../lib/gate/report/assemble';
import type { ManualRecord } from '../../../lib/gate/report/manual';
import { ACCEPTANCE, gatedApp, raw, stackIn, TODAY } from '../support';
import { controlOf, INPUTS, judgedLedger, reportOf } from './support';

const AT_REST = '164.312(a)(2)(iv)';
const RULE = 'TemplateSqsEncrypted';

/** A queue in one stage, encrypted or not; the finding accepted or not. */
function queueApp(properties: Record<string, unknown>, accepted?: Partial<typeof ACCEPTANCE>) {
  const app = gatedApp();
  const queue = raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', properties);
  if (accepted) accept(queue, RULE, { ...ACCEPTANCE, ...accepted });
  return app;
}

/** Every check by test, passed: what none has asked is not met. */
const ASKED = { checks: new Map(CHECKS.map(({ id }) => [id, 'passed' as const])) };

const statusIn = (report: ReturnType<typeof reportOf>, citation: string, environment = 'Dev') =>
  controlOf(report, citation).statuses[environment]?.status;

test('every entry of the catalogue has a status with a reason in every environment', () => {
  const report = reportOf(queueApp({ KmsMasterKeyId: 'key' }));
  expect(report.controls.map(({ citation }) => citation).sort()).toEqual(
    CATALOGUE.map(({ citation }) => citation).sort(),
  );
  expect(report.environments).toEqual([
    { name: 'Dev', account: '111111111111', region: 'us-east-1', verdict: 'pass', resources: 1 },
  ]);
  for (const { statuses } of report.controls) {
    expect(Object.keys(statuses)).toEqual(['Dev']);
    expect(statuses['Dev']?.because).toMatch(/\S.*\.$/);
  }
  expect(report.verdict).toBe('pass');
});

test('what holds is met, what is open is not, what is accepted is met with an exception', () => {
  expect(statusIn(reportOf(queueApp({ KmsMasterKeyId: 'key' }), ASKED), AT_REST)).toBe('met');

  const open = reportOf(queueApp({}));
  expect(controlOf(open, AT_REST).statuses['Dev']).toEqual({
    status: 'not-met',
    because: `1 open finding of ${RULE}.`,
    findings: 1,
    exceptions: 0,
  });
  expect(statusIn(open, '164.312(a)(1)')).toBe('not-met');
  expect(open.verdict).toBe('fail');

  const accepted = reportOf(queueApp({}, {}), ASKED);
  expect(controlOf(accepted, AT_REST).statuses['Dev']).toMatchObject({
    status: 'met-with-exception',
    findings: 0,
    exceptions: 1,
  });
  expect(accepted.verdict).toBe('pass-with-exceptions');
  expect(accepted.findings).toEqual([
    expect.objectContaining({ rule: RULE, state: 'accepted', exception: accepted.exceptions[0]?.id }),
  ]);
});

test('what the rules hold and no test has asked is not assessed, and says which check is missing', () => {
  for (const app of [queueApp({ KmsMasterKeyId: 'key' }), queueApp({}, {})]) {
    const told = controlOf(reportOf(app), AT_REST).statuses['Dev'];
    expect(told?.status).toBe('not-assessed');
    expect(told?.because).toContain('not shown here, since no test results of this commit were found');
  }
});

test('what no rule looks at is not assessed, however many rules serve it', () => {
  const report = reportOf(queueApp({ KmsMasterKeyId: 'key' }));
  const control = controlOf(report, '164.312(e)(2)(i)');
  expect(control.rules.length).toBeGreaterThan(5);
  expect(control.statuses['Dev']?.status).toBe('not-assessed');
  const rule = report.rules.find(({ id }) => id === 'ALBHttpToHttpsRedirection');
  expect(rule?.counts).toMatchObject({ compliant: 0, 'not-applicable': 1 });
});

test('an error is never met', () => {
  const ledger = judgedLedger(queueApp({ KmsMasterKeyId: 'key' }));
  const report = assemble(
    {
      ...ledger,
      evaluations: ledger.evaluations.map((e) =>
        e.rule === RULE ? { ...e, result: 'error' as const, detail: 'it threw' } : e,
      ),
    },
    INPUTS,
  );
  expect(statusIn(report, AT_REST)).toBe('not-met');
  expect(report.findings).toEqual([expect.objectContaining({ state: 'error', detail: 'it threw' })]);
  expect(report.verdict).toBe('fail');
});

test('exceptions are active, expiring from thirty days ahead, expired or unused', () => {
  const states = (expires: string) =>
    reportOf(queueApp({}, { expires })).exceptions.map(({ state }) => state);
  expect(states('2027-10-31')).toEqual(['active']);
  expect(states('2026-12-24')).toEqual(['active']);
  expect(states('2026-12-23')).toEqual(['expiring']);
  expect(states(TODAY)).toEqual(['expiring']);
  expect(states('2026-11-22')).toEqual(['expired']);
  expect(reportOf(queueApp({}, { expires: '2026-11-22' })).verdict).toBe('fail');
  expect(reportOf(queueApp({ KmsMasterKeyId: 'key' }, {})).exceptions).toMatchObject([
    { state: 'unused', covers: [] },
  ]);
});

test('checks by test show what no rule does, and count against it when they fail', () => {
  const citation = '164.312(a)(2)(iii)';
  const app = queueApp({ KmsMasterKeyId: 'key' });
  const ledger = judgedLedger(app);
  const status = (result?: 'passed' | 'failed') =>
    statusIn(
      assemble(ledger, { ...INPUTS, checks: new Map(result ? [['session-lifetime', result]] : []) }),
      citation,
    );
  expect(status()).toBe('not-assessed');
  expect(status('passed')).toBe('met');
  expect(status('failed')).toBe('not-met');
  const failing = assemble(ledger, { ...INPUTS, checks: new Map([['session-lifetime', 'failed']]) });
  expect(failing.verdict).toBe('fail');
  expect(CHECKS.map(({ id }) => id)).toContain('session-lifetime');
});

test('a check that the run of the tests left out shows nothing, and is told apart from one without results', () => {
  const ledger = judgedLedger(queueApp({ KmsMasterKeyId: 'key' }));
  const verdict = (...checks: [string, 'passed' | 'left-out'][]) =>
    controlOf(assemble(ledger, { ...INPUTS, checks: new Map(checks) }), '164.316(b)(2)(i)').statuses['Dev'];
  const asked = verdict(['record-retention', 'left-out'], ['flow-log-retention', 'passed']);
  expect(asked?.because).toContain(
    'not asked by this run of the tests, which was a part of them (npm test asks all): record-retention.',
  );
  expect(asked?.because).not.toContain('no test results');
  expect(verdict(['record-retention', 'left-out'])?.because).toMatch(
    /record-retention; not shown here, since no test results of this commit were found: flow-log-retention\./,
  );
  const alone = assemble(ledger, { ...INPUTS, checks: new Map([['signature-chain', 'left-out' as const]]) });
  expect(statusIn(alone, '164.312(c)(2)')).toBe('not-assessed');
});

test('manual evidence is due until it is recorded, and again once it is overdue', () => {
  const citation = '164.308(a)(8)';
  const ledger = judgedLedger(queueApp({ KmsMasterKeyId: 'key' }));
  const item = {
    id: 'evaluation',
    title: 'Yearly evaluation',
    controls: [citation],
    owner: 'security-officer',
    link: 'Policy library',
  };
  const judged = (
    overdue: ManualRecord['overdue'],
    dates: { readonly due: string; readonly done?: string },
  ) => assemble(ledger, { ...INPUTS, manual: { overdue, items: [{ ...item, ...dates }] } });

  expect(statusIn(assemble(ledger, INPUTS), citation)).toBe('manual-evidence-due');
  expect(statusIn(judged('report', { due: '2027-01-31' }), citation)).toBe('manual-evidence-due');
  const done = judged('report', { due: '2027-01-31', done: '2026-10-01' });
  expect(statusIn(done, citation)).toBe('met');
  expect(done.manual).toMatchObject([{ overdue: false }]);
  const late = { due: '2026-11-22', done: '2025-10-01' };
  expect(statusIn(judged('report', late), citation)).toBe('manual-evidence-due');
  expect(judged('report', late)).toMatchObject({ verdict: 'pass', manual: [{ overdue: true }] });
  expect(judged('fail', late).verdict).toBe('fail');
  expect(judged('fail', { due: TODAY, done: '2025-12-01' }).verdict).toBe('pass');
});

test('what binds group health plans alone is never met, and inherited is said to be inherited', () => {
  const report = reportOf(queueApp({ KmsMasterKeyId: 'key' }));
  expect(statusIn(report, '164.314(b)(1)')).toBe('not-assessed');
  expect(statusIn(report, '164.310(a)(1)')).toBe('inherited');
  expect(statusIn(report, '164.310(a)(2)(iii)')).toBe('inherited');
});

test('a standard is what the worst of its specifications is', () => {
  const report = reportOf(queueApp({ KmsMasterKeyId: 'key' }));
  expect(controlOf(report, '164.308(a)(6)(i)').statuses['Dev']).toMatchObject({
    status: 'manual-evidence-due',
    because: 'As 164.308(a)(6)(ii).',
  });
});

test('one environment’s finding is not the other’s', () => {
  const app = gatedApp();
  raw(stackIn(app, 'Dev'), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  raw(stackIn(app, 'Prod'), 'Queue', 'AWS::SQS::Queue', {});
  const report = reportOf(app, ASKED);
  expect(report.environments.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['Dev', 'pass'],
    ['Prod', 'fail'],
  ]);
  expect(statusIn(report, AT_REST, 'Dev')).toBe('met');
  expect(statusIn(report, AT_REST, 'Prod')).toBe('not-met');
});

test('what is wrong with the acceptances themselves is a finding, and fails the environment', () => {
  const report = reportOf(queueApp({ KmsMasterKeyId: 'key' }), {
    problems: [{ rule: 'AcceptanceStale', path: 'Dev/Data/Queue', detail: 'no finding in any environment' }],
  });
  expect(report.findings).toMatchObject([{ rule: 'AcceptanceStale', environment: 'Dev', state: 'open' }]);
  expect(statusIn(report, '164.308(a)(1)(ii)(B)')).toBe('not-met');
  expect(report.verdict).toBe('fail');
});

test('the same input in another order gives the same report', () => {
  const app = gatedApp();
  raw(stackIn(app, 'Dev'), 'Queue', 'AWS::SQS::Queue', {});
  raw(stackIn(app, 'Prod'), 'Topic', 'AWS::SNS::Topic', {});
  const ledger = judgedLedger(app);
  const turned = {
    ...ledger,
    evaluations: [...ledger.evaluations].reverse(),
    rules: [...ledger.rules].reverse(),
    resources: [...ledger.resources].reverse(),
    acceptances: [...ledger.acceptances].reverse(),
  };
  expect(JSON.stringify(assemble(turned, INPUTS))).toBe(JSON.stringify(assemble(ledger, INPUTS)));
});

test('a map that was not computed is said to show nothing', () => {
  expect(reportOf(queueApp({ KmsMasterKeyId: 'key' })).limits.at(-1)).toContain('an empty map shows nothing');
});

import { CHECKS } from '../../../lib/gate/catalogue';
import type { Report } from '../../../lib/gate/report/model';
import { unsoundnessOf } from '../../../lib/gate/vault/soundness';
import { cleanUp, evidenceOf } from '../evidence/support';
import { gatedApp, raw, stackIn } from '../support';

afterAll(cleanUp);

const app = gatedApp();
raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
const { report } = evidenceOf(app);
const environment = report.environments[0]!.name;
const finding = { id: 'f', rule: 'R', resource: 'Prod/Data/Queue', environment, detail: 'd' } as const;
const without = (rule: string) => report.rules.filter(({ id }) => id !== rule);
const results = (result: 'compliant' | 'non-compliant') =>
  report.results.map((one) => (one.rule === 'TemplateSqsEncrypted' ? { ...one, result } : one));
const accepted = { ...finding, state: 'accepted', exception: 'e' } as const;
const exception = {
  ...{ id: 'e', rule: 'R', path: 'Prod/Data', environment, reason: 'r', compensatingControl: 'c' },
  ...{ owner: 'platform-engineering', approvedBy: 'security-officer', ticket: 'HIPAA-1' },
  ...{ expires: '2026-11-30', state: 'active' as const, covers: ['Prod/Data/Queue'] },
};
const excepted = {
  ...{ findings: [accepted], exceptions: [exception], verdict: 'pass-with-exceptions' as const },
  environments: report.environments.map((one) => ({ ...one, verdict: 'pass-with-exceptions' as const })),
};

describe('a report that was signed and', () => {
  const said = (changes: Partial<Report>) => unsoundnessOf({ ...report, ...changes });

  test('is sound with an exception says nothing against it', () => {
    expect(said(excepted)).toEqual([]);
  });

  test.each(['IAMNoInlinePolicy', 'TemplateS3TlsOnly', 'TemplateNoInternetPathToStore'])(
    'leaves out the rule %s of those that are known is told',
    (rule) => {
      expect(report.rules.map(({ id }) => id)).toContain(rule);
      expect(said({ rules: without(rule) })).toEqual([
        expect.stringMatching(
          new RegExp(`^The evidence holds no ${rule} of HIPAA\\.\\w+: these rules did not run\\.$`),
        ),
      ]);
    },
  );

  test('leaves out a whole part of the gate, or resources of a rule, is told', () => {
    expect(said({ rules: report.rules.filter(({ plugin }) => plugin !== 'HIPAA.Security') })).toEqual([
      expect.stringContaining('holds no rule of HIPAA.Security: that part of the gate did not run'),
    ]);
    const [first, ...rest] = report.rules;
    const counts = { ...first!.counts, 'not-applicable': 0, compliant: 0 };
    expect(said({ rules: [{ ...first!, counts }, ...rest] })).toEqual([
      `The evidence shows that ${first!.id} did not look at every resource; synthesise again.`,
    ]);
  });

  test('lists a verdict that its rule does not count, or that is no finding, is told', () => {
    expect(said({ results: results('non-compliant') })).toEqual([
      expect.stringMatching(/counts 1 compliant verdict\(s\) of TemplateSqsEncrypted, but lists 0/),
      expect.stringMatching(/counts 0 non-compliant verdict\(s\) of TemplateSqsEncrypted, but lists 1/),
      expect.stringMatching(
        /^The evidence lists TemplateSqsEncrypted at \S+Queue as non-compliant, and no finding of it/,
      ),
    ]);
  });

  test.each<[string, Partial<typeof exception>]>([
    ['another rule', { rule: 'Other' }],
    ['another part of the rule', { rule: 'R[part]' }],
    ['another resource', { covers: ['Prod/Data/Other'] }],
    ['another environment', { environment: 'Other' }],
    ['nothing that is there', { id: 'other' }],
  ])('accepts a finding by an exception of %s is told', (_of, changes) => {
    expect(said({ ...excepted, exceptions: [{ ...exception, ...changes }] })).toEqual([
      'A finding is accepted by no exception that covers it: R at Prod/Data/Queue.',
    ]);
  });

  test.each<[string, Partial<typeof exception>]>([
    ['holds for longer than a year', { expires: '2099-12-31' }],
    ['is approved by who answers for it', { approvedBy: 'platform-engineering' }],
  ])('holds an exception that %s is told', (_of, changes) => {
    expect(said({ ...excepted, exceptions: [{ ...exception, ...changes }] })).toEqual([
      expect.stringMatching(/^No synth accepts the exception from R at Prod\/Data: until /),
    ]);
  });

  test('says that it proves more than it does is told', () => {
    expect(said({ limits: report.limits.slice(1) })).toEqual([
      'The evidence says other words of what it does not prove than this version of the gate.',
    ]);
  });

  test('says a better verdict than it comes to is told: of the whole, and of an environment', () => {
    expect(said({ ...excepted, verdict: 'pass' })).toEqual([
      'The verdict of the whole says pass, and its findings, exceptions and statuses come to pass-with-exceptions.',
    ]);
    expect(said({ ...excepted, environments: report.environments })).toEqual([
      `The verdict of ${environment} says pass, and its findings, exceptions and statuses come to pass-with-exceptions.`,
    ]);
    const status = { status: 'not-met' as const, because: 'A check failed.', findings: 0, exceptions: 0 };
    const controls = report.controls.map((one, index) =>
      index === 0 ? { ...one, statuses: { [environment]: status } } : one,
    );
    expect(said({ controls })).toEqual([
      expect.stringContaining(`The evidence says not-met of ${controls[0]!.citation} in ${environment}`),
      expect.stringContaining(`${environment} says pass, and`),
      expect.stringContaining('the whole says pass, and its findings, exceptions and statuses come to fail'),
    ]);
  });

  test('says of every item that it is met is told, item by item', () => {
    const better = report.controls.filter(({ statuses }) => statuses[environment]!.status !== 'met');
    const controls = report.controls.map((one) => ({
      ...one,
      statuses: { [environment]: { ...one.statuses[environment]!, status: 'met' as const } },
    }));
    expect(better.length).toBeGreaterThan(50);
    expect(said({ controls })).toEqual(
      better.map(
        ({ citation, statuses }) =>
          `The evidence says met of ${citation} in ${environment}, and what it holds comes to ${statuses[environment]!.status}.`,
      ),
    );
  });

  test('gives other causes, other words, fewer or more items than the catalogue is told', () => {
    const [first, ...rest] = report.controls;
    const { citation, statuses } = first!;
    const because = { [environment]: { ...statuses[environment]!, because: 'All is well.' } };
    expect(said({ controls: [{ ...first!, statuses: because }, ...rest] })).toEqual([
      `The evidence gives other causes for ${citation} in ${environment} than what it holds.`,
    ]);
    expect(said({ controls: [{ ...first!, owner: 'nobody' }, ...rest] })).toEqual([
      `The evidence says other words of ${citation} than the catalogue.`,
    ]);
    expect(said({ controls: rest })).toEqual([`The evidence leaves out ${citation} of the catalogue.`]);
    expect(said({ controls: [...report.controls, { ...first!, citation: '164.999(a)' }] })).toEqual([
      'The evidence speaks of 164.999(a), which is not in the catalogue.',
    ]);
  });

  test('rests on a check that it does not hold, or hides what is late, is told', () => {
    const passed = evidenceOf(app, {
      checks: new Map(CHECKS.map(({ id }) => [id, 'passed' as const])),
    }).report;
    expect(unsoundnessOf(passed)).toEqual([]);
    expect(unsoundnessOf({ ...passed, checks: [] })).toContainEqual(
      expect.stringMatching(
        /^The evidence says met of 164\.\S+ in \S+, and what it holds comes to not-assessed\.$/,
      ),
    );
    const late = { id: 'drill', controls: [], title: 'A drill', owner: 'o', due: '2001-01-01', link: 'l' };
    expect(said({ manual: [{ ...late, overdue: false }] })).toEqual([
      `The evidence says that drill, due on 2001-01-01, is not overdue on ${report.judgedOn}.`,
    ]);
  });
});

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { accept } from '../../lib/gate';
import { LEDGER_FILE } from '../../lib/gate/ledger';
import { verifyAssembly } from '../../lib/gate/verify';
import { testApp } from '../support/app';
import { ACCEPTANCE, gatedApp, raw, stackIn, TODAY } from './support';

const REPORT = 'validation-report.json';
let good: string;
let assembly: string;

beforeAll(() => {
  const app = gatedApp();
  for (const stage of ['Dev', 'Prod'])
    accept(raw(stackIn(app, stage), 'Queue', 'AWS::SQS::Queue', {}), 'TemplateSqsEncrypted', ACCEPTANCE);
  good = app.synth().directory;
});

beforeEach(() => {
  assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'gate-'));
  fs.cpSync(good, assembly, { recursive: true });
});

afterEach(() => fs.rmSync(assembly, { recursive: true }));

/** Changes a JSON file of the assembly. */
function edit(file: string, change: (text: string) => string): void {
  const place = path.join(assembly, file);
  fs.writeFileSync(place, change(fs.readFileSync(place, 'utf8')));
}

/** The template of the Dev stage's one stack. */
function templateOfDev(): string {
  const name = fs
    .readdirSync(path.join(assembly, 'assembly-Dev'))
    .find((file) => file.endsWith('.template.json'));
  return path.join('assembly-Dev', name ?? 'missing');
}

const problems = (): string => verifyAssembly(assembly, TODAY).problems.join('\n');

test('an assembly that passed is let through, and told in one line', () => {
  const { problems: found, summary } = verifyAssembly(assembly, TODAY);
  expect(found).toEqual([]);
  expect(summary).toMatch(
    /^The gate saw 2 stacks and 2 resources by \d+ rules: no open finding, 2 acceptances\.$/,
  );
});

test('a folder that is no assembly, a deleted report and a deleted ledger are refused', () => {
  expect(verifyAssembly(os.tmpdir(), TODAY).problems).toEqual([
    expect.stringContaining('is no cloud assembly'),
  ]);
  fs.rmSync(path.join(assembly, REPORT));
  expect(problems()).toContain('validation-report.json is missing');
  fs.rmSync(path.join(assembly, LEDGER_FILE));
  expect(problems()).toContain('hipaa-ledger.json is missing');
});

test('a report that was emptied is refused', () => {
  edit(REPORT, (text) => JSON.stringify({ ...(JSON.parse(text) as object), pluginReports: [] }));
  expect(problems()).toContain('holds no report of HIPAA.Templates');
});

test('a report of which one finding was removed is refused', () => {
  edit(REPORT, (text) => text.replaceAll('Prod/Data/Queue', 'Dev/Data/Queue'));
  expect(problems()).toContain('does not show the accepted finding TemplateSqsEncrypted at Prod/Data/Queue');
});

test('a ledger without the rules of a plugin is refused', () => {
  edit(LEDGER_FILE, (text) => {
    const ledger = JSON.parse(text) as { rules: { plugin: string }[] };
    return JSON.stringify({
      ...ledger,
      rules: ledger.rules.filter(({ plugin }) => plugin !== 'HIPAA.Security'),
    });
  });
  expect(problems()).toContain('holds no rule of HIPAA.Security');
});

test('a stage that the gate never saw is refused', () => {
  edit(LEDGER_FILE, (text) => {
    const ledger = JSON.parse(text) as { stacks: { path: string }[] };
    return JSON.stringify({
      ...ledger,
      stacks: ledger.stacks.filter(({ path: stack }) => !stack.startsWith('Prod')),
    });
  });
  expect(problems()).toContain('assembly-Prod/ProdData');
  expect(problems()).toContain('was never seen by the gate');
});

test('a template that was changed after the gate is refused', () => {
  edit(templateOfDev(), (text) => text.replace('AWS::SQS::Queue', 'AWS::SNS::Topic'));
  expect(problems()).toContain('was changed after the gate saw it');
});

test('an unreadable report and an open finding in the ledger are refused', () => {
  edit(LEDGER_FILE, (text) => text.replaceAll(/,\s*"acceptedAt": "[^"]*"/g, ''));
  expect(problems()).toContain('records an open finding: TemplateSqsEncrypted at Dev/Data/Queue');
  edit(REPORT, () => '{');
  expect(problems()).toContain('cannot be read');
});

test('a finding that was taken out of both files is missed by the count of its rule', () => {
  const without = (text: string): string => {
    const ledger = JSON.parse(text) as { evaluations: { rule: string; path: string }[] };
    const evaluations = ledger.evaluations.filter(
      ({ rule, path: place }) => rule !== 'TemplateSqsEncrypted' || !place.startsWith('Prod'),
    );
    return JSON.stringify({ ...ledger, evaluations });
  };
  edit(LEDGER_FILE, without);
  edit(REPORT, (text) => text.replaceAll('Prod/Data/Queue', 'Dev/Data/Queue'));
  expect(problems()).toContain(
    'counts 2 non-compliant verdict(s) of TemplateSqsEncrypted, but lists 1: it was changed',
  );
});

test('a resource that is left out of the ledger is missed by its template', () => {
  edit(LEDGER_FILE, (text) => {
    const ledger = JSON.parse(text) as { resources: { stack: string }[] };
    const resources = ledger.resources.filter(({ stack }) => stack !== 'Prod/Data');
    return JSON.stringify({ ...ledger, resources });
  });
  expect(problems()).toContain('knows nothing of Queue of Prod/Data');
});

test('a ledger without one of our rules is refused, and one that nobody let look at everything', () => {
  edit(LEDGER_FILE, (text) => {
    const ledger = JSON.parse(text) as { rules: { id: string; counts: Record<string, number> }[] };
    const rules = ledger.rules
      .filter(({ id }) => id !== 'TemplateS3Versioned')
      .map((rule) =>
        rule.id === 'WAFv2LoggingEnabled'
          ? { ...rule, counts: { ...rule.counts, 'not-applicable': 0 } }
          : rule,
      );
    return JSON.stringify({ ...ledger, rules });
  });
  expect(problems()).toContain('holds no TemplateS3Versioned of HIPAA.Templates');
  expect(problems()).toContain('WAFv2LoggingEnabled did not look at every resource');
});

test.each([
  ['IAMNoInlinePolicy', 'HIPAA.Security'],
  ['TemplateNoInternetPathToStore', 'HIPAA.Templates'],
])('a ledger without %s, which the catalogue knows, is refused', (id, plugin) => {
  edit(LEDGER_FILE, (text) => {
    const ledger = JSON.parse(text) as { rules: { id: string }[] };
    expect(ledger.rules.map((rule) => rule.id)).toContain(id);
    return JSON.stringify({ ...ledger, rules: ledger.rules.filter((rule) => rule.id !== id) });
  });
  expect(problems()).toContain(`holds no ${id} of ${plugin}: these rules did not run`);
});

test('a finding that is called accepted where no acceptance covers it is refused', () => {
  edit(LEDGER_FILE, (text) => {
    const ledger = JSON.parse(text) as { acceptances: { path: string }[] };
    const acceptances = ledger.acceptances.filter(({ path: place }) => !place.startsWith('Prod'));
    return JSON.stringify({ ...ledger, acceptances });
  });
  expect(problems()).toBe(
    'hipaa-ledger.json holds no acceptance that would cover TemplateSqsEncrypted at Prod/Data/Queue by Prod/Data/Queue: it was changed.',
  );
});

test('an application that the gate was never registered on leaves nothing that passes', () => {
  const app = testApp();
  raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', {});
  expect(verifyAssembly(app.synth().directory, TODAY).problems.join('\n')).toContain(
    'hipaa-ledger.json is missing',
  );
});

test('the files of another synth are refused: they tell of other templates', () => {
  const app = gatedApp();
  for (const stage of ['Dev', 'Prod'])
    raw(stackIn(app, stage), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  const { directory } = app.synth();
  for (const file of [REPORT, LEDGER_FILE])
    if (fs.existsSync(path.join(directory, file)))
      fs.copyFileSync(path.join(directory, file), path.join(assembly, file));
  expect(problems()).toContain('was changed after the gate saw it');
});

test('an acceptance that has expired since the synth is refused', () => {
  expect(verifyAssembly(assembly, '2027-11-01').problems.join('\n')).toContain('expired on 2027-10-31');
});

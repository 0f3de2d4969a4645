import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { accept } from '../../../lib/gate';
import { readAssembly } from '../../../lib/gate/evidence/assembly';
import { statusCounts, verdictLine } from '../../../lib/gate/evidence/verdict';
import { writeEvidence } from '../../../lib/gate/evidence/write';
import { reportSchema } from '../../../lib/gate/report/model';
import { ACCEPTANCE, gatedApp, raw, refusal, stackIn } from '../support';
import { AROUND, cleanUp, contents, evidenceOf, ROOT, scratch } from './support';

afterAll(cleanUp);

/** Two stages: a queue without key whose finding is accepted, and one that is open when it is asked for. */
function planted(open: boolean) {
  const app = gatedApp();
  accept(raw(stackIn(app, 'Dev'), 'Queue', 'AWS::SQS::Queue', {}), 'TemplateSqsEncrypted', ACCEPTANCE);
  raw(stackIn(app, 'Prod'), 'Queue', 'AWS::SQS::Queue', open ? {} : { KmsMasterKeyId: 'key' });
  return app;
}

test('the folder holds the report, its forms and every template, and says no more than it holds', () => {
  const { folder, files, report } = evidenceOf(planted(false));
  const held = contents(folder);
  expect([...held.keys()]).toEqual(files);
  expect(reportSchema.parse(JSON.parse(held.get('report.json')!))).toEqual(report);
  expect(report.templates).toHaveLength(2);
  for (const { file, sha256 } of report.templates)
    expect(crypto.createHash('sha256').update(held.get(file)!).digest('hex')).toBe(sha256);
});

test('no file names a folder of the machine, though CDK’s own report does', () => {
  const app = planted(true);
  const { folder } = evidenceOf(app);
  expect(fs.readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')).toContain(ROOT);
  for (const [name, text] of contents(folder))
    expect([name, text.includes(ROOT), text.includes(app.outdir)]).toEqual([name, false, false]);
});

test('two synths of the same application leave the same bytes', () => {
  expect(contents(evidenceOf(planted(true)).folder)).toEqual(contents(evidenceOf(planted(true)).folder));
});

test('every resource is led back to the line that made it', () => {
  const { report } = evidenceOf(planted(true));
  expect(report.resources.every(({ source }) => source !== undefined)).toBe(true);
  const queue = report.resources.find(({ path: place }) => place === 'Prod/Data/Queue');
  expect(queue?.source?.file).toBe('test/gate/support.ts');
  const line = fs.readFileSync(path.join(ROOT, 'test/gate/support.ts'), 'utf8').split('\n')[
    queue!.source!.line - 1
  ];
  expect(line).toContain('new CfnResource(');
});

test('a refused synth leaves evidence of what was refused, the acceptances’ own problems among it', () => {
  const app = planted(true);
  accept(app.node.findChild('Prod').node.findChild('Data'), 'TemplateSqsEncrypted', {
    ...ACCEPTANCE,
    expires: '2026-11-22',
  });
  const { report } = evidenceOf(app);
  expect(report.verdict).toBe('fail');
  expect(report.environments.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['Dev', 'pass-with-exceptions'],
    ['Prod', 'fail'],
  ]);
  expect(report.findings.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['AcceptanceExpired', 'AcceptanceOverBroad']),
  );
});

test('the verdict is one line with what asks for somebody', () => {
  const { report } = evidenceOf(planted(true));
  expect(verdictLine(report)).toMatch(
    /^HIPAA evidence: FAIL; 2 environments; 71 items of 45 CFR 164\.308-316: .*not met.*; 1 open finding; 1 exception\.$/,
  );
  expect(Object.values(statusCounts(report)).reduce((sum, count) => sum + count, 0)).toBe(71);
});

test('an assembly that did not go through the gate is refused in a sentence', () => {
  expect(() => readAssembly(scratch())).toThrow(/holds no hipaa-ledger\.json.*npx cdk synth/);
});

test('what an earlier synth left in the folder is gone', () => {
  const app = planted(false);
  refusal(app);
  const folder = scratch();
  fs.writeFileSync(path.join(folder, 'older.txt'), 'older');
  writeEvidence(app.outdir, folder, AROUND);
  expect(fs.existsSync(path.join(folder, 'older.txt'))).toBe(false);
});

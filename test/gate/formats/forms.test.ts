import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { renderCsv } from '../../../lib/gate/formats/csv';
import { renderMarkdown } from '../../../lib/gate/formats/markdown';
import type { Finding, Report } from '../../../lib/gate/report/model';
import { accept } from '../../../lib/gate';
import { evidenceOf, cleanUp } from '../evidence/support';
import { ACCEPTANCE, gatedApp, raw, stackIn } from '../support';
import { whole } from './support';

afterAll(cleanUp);

/** A queue whose finding is accepted, and one whose finding is open. */
function judged(): Report {
  const app = gatedApp();
  accept(raw(stackIn(app, 'Dev'), 'Queue', 'AWS::SQS::Queue', {}), 'TemplateSqsEncrypted', ACCEPTANCE);
  raw(stackIn(app, 'Prod'), 'Queue', 'AWS::SQS::Queue', {});
  return evidenceOf(app).report;
}

const report = judged();

function rows(file: string, of: Report = report): Record<string, string>[] {
  return parse(whole(renderCsv(of)[file] ?? []), { bom: true, columns: true });
}

function findings(...all: Partial<Finding>[]): Report {
  const [first] = report.findings;
  if (!first) throw new Error('nothing was found');
  return { ...report, findings: all.map((one) => ({ ...first, ...one })) };
}

describe('CSV', () => {
  test('the ledger has every item in every environment', () => {
    const told = rows('controls.csv').map(({ citation, environment, status, because }) => [
      ...[citation, environment, status, because],
    ]);
    expect(told).toEqual(
      report.controls.flatMap(({ citation, statuses }) =>
        Object.entries(statuses).map(([name, { status, because }]) => [citation, name, status, because]),
      ),
    );
    expect(told.length).toBeGreaterThan(100);
  });

  test('findings and exceptions are read back as they were, with the line of the source', () => {
    expect(rows('findings.csv').map(({ id, state, resource }) => [id, state, resource])).toEqual(
      report.findings.map(({ id, state, resource }) => [id, state, resource]),
    );
    expect(rows('findings.csv')[0]?.['source']).toMatch(/^test\/gate\/support\.ts:\d+$/);
    expect(rows('exceptions.csv').map(({ owner, expires, state }) => [owner, expires, state])).toEqual(
      report.exceptions.map(({ owner, expires, state }) => [owner, expires, state]),
    );
    expect(report.exceptions).not.toEqual([]);
  });

  test('the map of health data has a row for each right of each person, and one for a store of nobody', () => {
    const person = { name: 'Prod/Data/Role', how: 'reads it', condition: 'a "b", c', assumedBy: ['x', 'y'] };
    const place = {
      ...{ environment: 'Prod', path: 'Prod/Data/Bucket', name: '=Bucket', type: 'AWS::S3::Bucket' },
      ...{ classification: 'PHI', key: 'Prod/Data/Key', rotation: 'every year' },
      ...{ retention: 'versioned; 1\n2', backup: 'none' },
    };
    const stores = [
      { ...place, readers: [person], decryptors: [{ name: 'root', how: 'kms:Decrypt', assumedBy: [] }] },
      { ...place, name: 'Empty', readers: [], decryptors: [] },
    ];
    const read = rows('health-data.csv', { ...report, phi: { ...report.phi, stores } });
    const kept = {
      ...{ environment: 'Prod', class: 'PHI', path: place.path, type: place.type, key: place.key },
      ...{ rotation: 'every year', kept: place.retention, backup: 'none' },
    };
    const nobody = { right: '', who: '', how: '', condition: '', 'assumed by': '' };
    expect(read).toEqual([
      {
        ...{ ...kept, store: "'=Bucket", right: 'reads', who: person.name, how: person.how },
        ...{ condition: person.condition, 'assumed by': 'x y' },
      },
      { ...kept, ...nobody, store: "'=Bucket", right: 'decrypts', who: 'root', how: 'kms:Decrypt' },
      { ...kept, ...nobody, store: 'Empty' },
    ]);
  });

  test('whatever a cell holds is read back, and none begins a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (detail) => {
        const [row] = rows('findings.csv', findings({ detail }));
        const read = row?.['detail'] ?? '';
        expect(read).not.toMatch(/^[=+\-@\t\r]/);
        expect(/^'[=+\-@\t\r]/.test(read) && read !== detail ? read.slice(1) : read).toBe(detail);
      }),
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('%j is text to a spreadsheet', (detail) => {
    expect(rows('findings.csv', findings({ detail }))[0]?.['detail']).toBe(`'${detail}`);
  });
});

describe('Markdown', () => {
  test('tells verdicts, statuses, what is open and what it does not prove', () => {
    const text = renderMarkdown(report);
    expect(text).toContain('# telehealth-platform 1.0.0: **Fail**');
    expect(text).toMatch(/\| Items of 45 CFR 164 \|.* Dev \|.* Prod \|/);
    expect(text).toContain(
      `## Open findings (${report.findings.filter(({ state }) => state === 'open').length})`,
    );
    for (const limit of report.limits.slice(0, 1)) expect(text).toContain(limit.slice(0, 20));
    expect(text).toContain('Compared with no earlier release.');
  });

  test('text of others breaks no table, makes no element and calls nobody', () => {
    const text = renderMarkdown(findings({ detail: 'a | b <img> @owner\nc', state: 'open' }));
    expect(text).toContain('a \\| b \\<img\\> @\u200Bowner c |');
  });

  test('is never longer than a comment may be, and says when it was cut', () => {
    const long = renderMarkdown(
      findings(
        ...Array.from({ length: 100_000 }, () => ({ detail: 'x'.repeat(3000), state: 'open' as const })),
      ),
    );
    expect(long.length).toBeLessThanOrEqual(65_536);
    expect(long).toContain('The rest is in the report.');
  });

  test('what changed since a release is told', () => {
    const change = {
      kind: 'broadened-access' as const,
      environment: 'Prod',
      subject: 'Role',
      text: 'may more',
    };
    const text = renderMarkdown({ ...report, diff: { from: '1.0.0', changes: [change] } });
    expect(text).toContain('## Changed since 1.0.0 (1)');
    expect(text).toContain('| broadened-access | Prod | Role | may more |');
  });
});

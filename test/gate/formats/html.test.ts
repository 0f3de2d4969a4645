import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { renderHtml } from '../../../lib/gate/formats/html';
import type { Finding, Report } from '../../../lib/gate/report/model';
import { cleanUp, evidenceOf } from '../evidence/support';
import { gatedApp, raw, stackIn } from '../support';
import { whole } from './support';

afterAll(cleanUp);

function judged(): Report {
  const app = gatedApp();
  raw(stackIn(app, 'Prod'), 'Queue', 'AWS::SQS::Queue', {});
  return evidenceOf(app).report;
}

const report = judged();
const page = whole(renderHtml(report));

function data(of: string): { readonly findings: readonly (readonly string[])[] } {
  const found = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(of)?.[1] ?? '';
  const { texts, cells } = JSON.parse(found) as { readonly texts: string[]; readonly cells: number[] };
  const rows = Array.from({ length: cells.length / 6 }, (_, row) => cells.slice(row * 6, row * 6 + 6));
  return { findings: rows.map((row) => row.map((number) => texts[number] ?? '')) };
}

function withDetails(...details: readonly string[]): Report {
  const [first] = report.findings;
  if (!first) throw new Error('nothing was found');
  return { ...report, findings: details.map((detail): Finding => ({ ...first, detail })) };
}

test('every item of the catalogue is a row, with its status in every environment', () => {
  for (const { citation, title, statuses } of report.controls) {
    expect(page).toContain(`${citation} ${title.replaceAll("'", '&#39;')}`);
    const held = Object.fromEntries(Object.entries(statuses).map(([name, { status }]) => [name, status]));
    expect(page).toContain(JSON.stringify(held).replaceAll('"', '&quot;'));
  }
});

test('every link leads to a place of the page, and every place is there once', () => {
  const places = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? '');
  expect(new Set(places).size).toBe(places.length);
  const links = [...page.matchAll(/ href="#([^"?]*)/g)].map(([, id]) => id ?? '');
  expect(links.filter((id) => !places.includes(id))).toEqual([]);
  expect([...page.matchAll(/ (?:src|href)="(?!#)/g)]).toEqual([]);
});

test('the policy lets the own style and program run, and nothing else', () => {
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
  const hash = (text = ''): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`style-src ${hash(/<style>([^]*?)<\/style>/.exec(page)?.[1])}`);
  expect(policy).toContain(`script-src ${hash(/<script>([^]*?)<\/script>/.exec(page)?.[1])}`);
  expect(policy).not.toContain('unsafe');
});

test('the first page tells which exceptions end soon, the last drill and the last drift check', () => {
  const told = (of: Report): string =>
    (/<section id="due"[^]*?<\/section>/.exec(whole(renderHtml(of)))?.[0] ?? '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
  expect(told(report)).toContain('within 90 days none of 0');
  expect(told(report)).toContain('Last restore drill There is none.');
  const exception = (expires: string) => ({
    ...{ id: expires, rule: 'r', path: 'p', environment: 'Prod', reason: 'r', compensatingControl: 'c' },
    ...{ owner: 'o', approvedBy: 'a', ticket: 't', expires, state: 'active' as const, covers: [] },
  });
  const full = told({
    ...report,
    judgedOn: '2026-11-23',
    exceptions: ['2026-11-22', '2026-11-23', '2026-12-23', '2026-12-24', '2027-02-21', '2027-02-22'].map(
      exception,
    ),
    operational: [
      { kind: 'restore-drill', title: 'Restore drill', state: 'present', summary: 'Restored on 2026-11-01.' },
      { kind: 'drift', title: 'Drift', state: 'absent', summary: 'Not collected: drift.json.' },
    ],
  });
  expect(full).toContain('have ended 1 of 6');
  expect(full).toContain('within 30 days 2 of 6');
  expect(full).toContain('within 60 days 3 of 6');
  expect(full).toContain('within 90 days 4 of 6');
  expect(full).toContain('Last restore drill Restored on 2026-11-01.');
  expect(full).toContain('Last drift check There is none. Not collected: drift.json.');
});

/** The text of a section, its spaces single. */
const textOf = (of: Report, section: string): string =>
  (new RegExp(`<section id="${section}"[^]*?</section>`).exec(whole(renderHtml(of)))?.[0] ?? '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

/** The report as if it were of these environments. */
function ofEnvironments(because: Readonly<Record<string, string>>): Report {
  const [control, environment] = [report.controls[0]!, report.environments[0]!];
  const names = Object.keys(because);
  const status = (name: string) => ({
    ...{ status: 'met' as const, because: because[name] ?? '', findings: 0, exceptions: 0 },
  });
  return {
    ...report,
    environments: names.map((name) => ({ ...environment, name })),
    controls: [{ ...control, statuses: Object.fromEntries(names.map((name) => [name, status(name)])) }],
  };
}

test('the ledger tells a reason once, with the environments that it is of', () => {
  const told = textOf(
    ofEnvironments({
      Dev: 'Drill of operations is due on 2027-01-31. 3 evaluations of 1 rule hold; not shown: x, y.',
      Prod: 'Drill of operations is due on 2027-01-31. 9 evaluations of 1 rule hold; not shown: x, y.',
      Staging: 'Drill of operations is due on 2027-01-31. 9 evaluations of 1 rule hold; not shown: x, y.',
    }),
    'ledger',
  );
  expect(told).toContain(
    'All environments : Drill of operations is due on 2027-01-31; not shown: x, y. Dev : 3 evaluations of 1 rule hold. Prod, Staging : 9 evaluations of 1 rule hold.',
  );
  expect(textOf(ofEnvironments({ Prod: 'As 164.308(a)(1)(ii)(A).' }), 'ledger')).toContain(
    'Prod : As 164.308(a)(1)(ii)(A).',
  );
});

test('the register tells exceptions of the same words once, with where each holds', () => {
  const exception = (environment: string, path: string, reason = 'r') => ({
    ...{ id: environment + path + reason, rule: 'TemplateTags', path: `${environment}/${path}`, environment },
    ...{ reason, compensatingControl: 'c', owner: 'o', approvedBy: 'a', ticket: 'T-1' },
    ...{ expires: '2027-10-31', state: 'active' as const, covers: [] },
  });
  const told = textOf(
    {
      ...ofEnvironments({ Dev: '', Prod: '' }),
      exceptions: [
        ...['Dev', 'Prod'].map((name) => exception(name, 'Data/Table')),
        exception('Prod', 'Data/Replica'),
        exception('Prod', 'Data/Replica', 'another'),
      ],
    },
    'exceptions',
  );
  expect(told).toContain('4 exceptions, those of the same words together');
  expect(told.split('TemplateTags')).toHaveLength(3);
  expect(told).toContain(
    'until 2027-10-31 TemplateTags All environments : Data/Table Prod : Data/Replica r Instead of it: c o approved by a, T-1',
  );
  expect(told).toContain('Prod : Data/Replica another');
});

test('the findings are in it once, with what they say', () => {
  expect(
    data(page).findings.map(([state, rule, environment, resource]) => [state, rule, environment, resource]),
  ).toEqual(
    report.findings.map(({ state, rule, environment, resource }) => [state, rule, environment, resource]),
  );
});

test('nothing that a report holds becomes markup or ends the data', () => {
  const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';
  const [environment] = report.environments;
  const told = whole(
    renderHtml({
      ...withDetails(hostile),
      system: hostile,
      limits: [hostile],
      environments: environment ? [{ ...environment, account: hostile }] : [],
    }),
  );
  expect(told.match(/<script/g)).toHaveLength(2);
  expect(told).not.toContain('<img');
  expect(data(told).findings[0]?.[5]).toBe(hostile);
});

test('nothing of the map of health data becomes markup, and a store of nobody says so', () => {
  const hostile = '"><img src=x onerror=alert(1)>\'&';
  const shown = '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;';
  const reader = { name: hostile, how: hostile, condition: hostile, assumedBy: [hostile] };
  const told = whole(
    renderHtml({
      ...report,
      phi: {
        columns: [{ table: hostile, column: hostile, classification: hostile }],
        stores: [false, true].map((empty) => ({
          ...{ environment: 'Prod', path: hostile, name: hostile, type: hostile, classification: 'PHI' },
          ...{ key: empty ? 'none' : hostile, rotation: hostile, retention: hostile, backup: hostile },
          ...{ readers: empty ? [] : [reader], decryptors: empty ? [] : [reader] },
        })),
        flows: [{ environment: hostile, from: hostile, to: hostile, protection: hostile, encrypted: false }],
        services: {
          ...{ listDated: '2026-11-01', source: hostile },
          used: [{ service: hostile, standing: 'eligible' as const, types: [hostile] }],
        },
      },
    }),
  );
  expect(told).not.toContain('<img');
  // Every text of the map, where it stands: columns 3, stores 13 and 5, key of its own 5, flows 4, services 3.
  const section = told.slice(told.indexOf('id="phi"'));
  expect(section.split(shown).length - 1).toBeGreaterThanOrEqual(30);
  expect(section).toContain('nobody');
});

test('whatever a finding says, the page holds it unchanged', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (details) => {
      expect(data(whole(renderHtml(withDetails(...details)))).findings.map((cells) => cells[5])).toEqual(
        details,
      );
    }),
    { numRuns: 30 },
  );
});

test('the same report gives the same page', () => {
  expect(whole(renderHtml(report))).toBe(page);
});

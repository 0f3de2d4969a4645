import Ajv from 'ajv';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod';
import { accept } from '../../../lib/gate';
import { manifestSchema } from '../../../lib/gate/chain/model';
import { renderJson } from '../../../lib/gate/formats/json';
import { renderOscal } from '../../../lib/gate/formats/oscal';
import { renderSarif } from '../../../lib/gate/formats/sarif';
import { type Report, reportSchema } from '../../../lib/gate/report/model';
import { CHECKS } from '../../../lib/gate/catalogue';
import { cleanUp, evidenceOf, ROOT } from '../evidence/support';
import { ACCEPTANCE, gatedApp, raw, stackIn } from '../support';
import { whole } from './support';

afterAll(cleanUp);

/** An accepted finding in Dev, an open one in Prod, and an exception that ended. */
function judged(): Report {
  const app = gatedApp();
  accept(raw(stackIn(app, 'Dev'), 'Queue', 'AWS::SQS::Queue', {}), 'TemplateSqsEncrypted', ACCEPTANCE);
  const prod = stackIn(app, 'Prod');
  raw(prod, 'Queue', 'AWS::SQS::Queue', {});
  accept(raw(prod, 'Topic', 'AWS::SNS::Topic', {}), 'TemplateSnsEncrypted', {
    ...ACCEPTANCE,
    expires: '2026-11-22',
  });
  // What no test has asked is not met: here all of them have, and passed.
  return evidenceOf(app, { checks: new Map(CHECKS.map(({ id }) => [id, 'passed'])) }).report;
}

const report = judged();
const written = whole(renderJson(report));
const SHA256 = createHash('sha256').update(written).digest('hex');

function official(name: string): object {
  const file = path.join(__dirname, '../fixtures/schemas', name);
  return JSON.parse(fs.readFileSync(file, 'utf8')) as object;
}

/** What validators of either draft have in common. */
type Validator = Parameters<typeof addFormats>[0];

/** What a validator says is wrong; empty when the document holds. */
function faults(ajv: Validator, schema: object, document: unknown): readonly string[] {
  addFormats(ajv);
  const validate = ajv.compile(schema);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

/** Every value under a key, anywhere in a document. */
function under(document: unknown, key: string): readonly unknown[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) => [
    ...(name === key ? [value as unknown] : []),
    ...under(value, key),
  ]);
}

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly partialFingerprints: object;
      readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
    }[];
  }[];
}

describe('SARIF', () => {
  const log = JSON.parse(whole(renderSarif(report))) as Sarif;
  const [run] = log.runs;

  test('holds by the schema of OASIS, which refuses what it should', () => {
    const check = (document: unknown): readonly string[] =>
      faults(new AjvDraft4({ strict: false, allErrors: true }), official('sarif-2.1.0.json'), document);
    expect(check(log)).toEqual([]);
    expect(check({ ...log, version: '2.0.0' })).not.toEqual([]);
    expect(check({ ...log, runs: [{}] })).not.toEqual([]);
  });

  test('every finding is a result of its rule, under an id of its own that stays', () => {
    expect(run?.results.map(({ ruleId, partialFingerprints }) => [ruleId, partialFingerprints])).toEqual(
      report.findings.map(({ rule, id }) => [rule, { 'finding/v1': id }]),
    );
    for (const { ruleId, ruleIndex } of run?.results ?? [])
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(whole(renderSarif(judged()))).toBe(whole(renderSarif(report)));
  });

  test('every result is at a line of a file of the repository', () => {
    for (const { locations } of run?.results ?? []) {
      const { artifactLocation, region } = locations[0]!.physicalLocation;
      const lines = fs.readFileSync(path.join(ROOT, artifactLocation.uri), 'utf8').split('\n');
      expect(lines.length).toBeGreaterThanOrEqual(region.startLine);
    }
  });

  test('only accepted findings are suppressed, with what was written of them', () => {
    const suppressed = run?.results.map(({ suppressions }) => suppressions?.[0]?.kind);
    expect(suppressed).toEqual(
      report.findings.map(({ state }) => (state === 'accepted' ? 'inSource' : undefined)),
    );
    expect(new Set(suppressed).size).toBe(2);
    const said = run?.results.find(({ suppressions }) => suppressions)?.suppressions?.[0]?.justification;
    expect(said).toContain(ACCEPTANCE.reason);
    expect(said).toContain(ACCEPTANCE.approvedBy);
  });
});

describe('OSCAL', () => {
  const results = JSON.parse(whole(renderOscal(report, SHA256))) as object;

  test('holds by the schema of NIST, which refuses what it should', () => {
    const check = (document: unknown): readonly string[] =>
      faults(
        new Ajv({ strict: false, allErrors: true }),
        official('oscal-assessment-results-1.2.3.json'),
        document,
      );
    expect(check(results)).toEqual([]);
    expect(check({ 'assessment-results': { uuid: 'none' } })).not.toEqual([]);
  });

  test('every UUID is there once, and whatever is referred to is there', () => {
    const made = under(results, 'uuid');
    expect(new Set(made).size).toBe(made.length);
    for (const key of ['observation-uuid', 'risk-uuid', 'subject-uuid']) {
      const referred = under(results, key);
      expect(referred.length).toBeGreaterThan(0);
      expect(referred.filter((uuid) => !made.includes(uuid))).toEqual([]);
    }
  });

  test('only what is met counts as satisfied, in each environment', () => {
    const told = under(results, 'status').filter((one) => typeof one === 'object');
    const expected = report.environments.flatMap(({ name }) =>
      report.controls.map(({ statuses }) => {
        const { status } = statuses[name]!;
        if (status === 'met' || status === 'met-with-exception')
          return { state: 'satisfied', reason: 'pass' };
        return { state: 'not-satisfied', reason: status === 'not-met' ? 'fail' : 'other' };
      }),
    );
    expect(told).toEqual(expected);
    expect(new Set(expected.map(({ reason }) => reason))).toEqual(new Set(['pass', 'fail', 'other']));
  });

  test('an exception is an approved deviation until its last day, and an open risk afterwards', () => {
    const risks = under(results, 'risks').flat() as { readonly status: string; readonly deadline?: string }[];
    expect(
      risks.flatMap(({ status, deadline }) => (deadline === undefined ? [] : [[status, deadline]])),
    ).toEqual([
      ['deviation-approved', '2027-10-31T00:00:00Z'],
      ['open', '2026-11-22T00:00:00Z'],
    ]);
    expect(risks.some(({ status, deadline }) => status === 'open' && deadline === undefined)).toBe(true);
  });

  test('the same report gives the same bytes, another report another document', () => {
    const text = whole(renderOscal(report, SHA256));
    expect(whole(renderOscal(judged(), SHA256))).toBe(text);
    expect(whole(renderOscal(report, '0'.repeat(64)))).not.toBe(text);
    expect(text).toContain(SHA256);
  });
});

const HOW = 'UPDATE_COMPLIANCE_PAGES=1 npx jest test/gate/formats/standards.test.ts';

describe.each([
  ['report', reportSchema],
  ['manifest', manifestSchema],
] as const)('the published schema of the %s', (name, model) => {
  const file = path.join(ROOT, `docs/compliance/${name}.schema.json`);
  const schema = {
    $id: `urn:telehealth-platform:hipaa-evidence:${name}:1`,
    ...z.toJSONSchema(model, { target: 'draft-7' }),
  };

  test(`is what the model says (to mend: ${HOW})`, () => {
    const text = `${JSON.stringify(schema, undefined, 2)}\n`;
    if (process.env['UPDATE_COMPLIANCE_PAGES'] === '1') fs.writeFileSync(file, text);
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
  });
});

test('a report holds by the published schema, which refuses another form', () => {
  const schema = JSON.parse(
    fs.readFileSync(path.join(ROOT, 'docs/compliance/report.schema.json'), 'utf8'),
  ) as object;
  const check = (document: unknown): readonly string[] =>
    faults(new Ajv({ allErrors: true }), schema, document);
  expect(check(JSON.parse(written))).toEqual([]);
  expect(check({ ...report, schemaVersion: 2 })).not.toEqual([]);
  expect(check({ ...report, more: 1 })).not.toEqual([]);
});

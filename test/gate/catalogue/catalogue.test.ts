import * as fs from 'node:fs';
import * as path from 'node:path';
import { CATALOGUE, CHECKS, checksServing, rulesServing, sourceOf } from '../../../lib/gate/catalogue';
import type { Rule } from '../../../lib/gate/ledger';
import { readManualRecord, MANUAL_FILE } from '../../../lib/gate/report/manual';
import { ESTATE_RULES } from '../../../lib/gate/estate-rules';
import { TEMPLATE_RULES } from '../../../lib/gate/template-rules';
import { gatedApp, ledgerOf, raw, stackIn } from '../support';

const ROOT = path.resolve(__dirname, '../../..');
const CITATIONS = new Map(CATALOGUE.map(({ citation, cadence }) => [citation, cadence]));
let rules: readonly Rule[];

beforeAll(() => {
  const app = gatedApp();
  raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  app.synth();
  rules = ledgerOf(app).rules;
});

test('holds the items of each section, each once', () => {
  const counts = Object.fromEntries(
    ['164.308', '164.310', '164.312', '164.314', '164.316'].map((number) => [
      number,
      CATALOGUE.filter(({ citation }) => citation.startsWith(`${number}(`)).length,
    ]),
  );
  expect(counts).toEqual({ '164.308': 31, '164.310': 12, '164.312': 12, '164.314': 11, '164.316': 5 });
  expect(CITATIONS.size).toBe(CATALOGUE.length);
});

test('says required and addressable as the matrix of appendix A does', () => {
  const addressable = CATALOGUE.filter(({ designation }) => designation === 'addressable');
  expect(addressable.map(({ citation }) => citation)).toEqual([
    '164.308(a)(3)(ii)(A)',
    '164.308(a)(3)(ii)(B)',
    '164.308(a)(3)(ii)(C)',
    '164.308(a)(4)(ii)(B)',
    '164.308(a)(4)(ii)(C)',
    '164.308(a)(5)(ii)(A)',
    '164.308(a)(5)(ii)(B)',
    '164.308(a)(5)(ii)(C)',
    '164.308(a)(5)(ii)(D)',
    '164.308(a)(7)(ii)(D)',
    '164.308(a)(7)(ii)(E)',
    '164.310(a)(2)(i)',
    '164.310(a)(2)(ii)',
    '164.310(a)(2)(iii)',
    '164.310(a)(2)(iv)',
    '164.310(d)(2)(iii)',
    '164.310(d)(2)(iv)',
    '164.312(a)(2)(iii)',
    '164.312(a)(2)(iv)',
    '164.312(c)(2)',
    '164.312(e)(2)(i)',
    '164.312(e)(2)(ii)',
  ]);
});

test('each of the 90 rules of cdk-nag and each template rule serves an entry, and cites none that is not there', () => {
  expect(rules.filter(({ plugin }) => plugin === 'HIPAA.Security')).toHaveLength(90);
  expect(rules.filter(({ plugin }) => plugin === 'HIPAA.Templates')).toHaveLength(
    TEMPLATE_RULES.length + ESTATE_RULES.length,
  );
  const serving = new Set(CATALOGUE.flatMap((entry) => rulesServing(entry, rules)));
  expect(rules.map(({ id }) => id).filter((id) => !serving.has(id))).toEqual([]);
  const cited = [...rules, ...CHECKS].flatMap(({ controls }) => controls);
  expect(cited.filter((citation) => !CITATIONS.has(citation))).toEqual([]);
});

test('what this platform adds to the mapping names rules that exist', () => {
  const known = new Set(rules.map(({ id }) => id));
  expect(CATALOGUE.flatMap(({ alsoServedBy }) => alsoServedBy).filter((id) => !known.has(id))).toEqual([]);
});

test('no entry is silently uncovered: without rule and check it is inherited, its specifications’, or says so', () => {
  const silent = CATALOGUE.filter(
    (entry) =>
      rulesServing(entry, rules).length + checksServing(entry).length === 0 &&
      entry.responsibility !== 'inherited' &&
      entry.designation !== 'standard' &&
      !entry.evidence.startsWith('Nothing automatic') &&
      !/by (hand|people)\.$/.test(entry.evidence),
  );
  expect(silent.map(({ citation }) => citation)).toEqual([]);
  const boasting = CATALOGUE.filter(
    (entry) =>
      entry.responsibility === 'automated' &&
      rulesServing(entry, rules).length + checksServing(entry).length === 0,
  );
  expect(boasting.map(({ citation }) => citation)).toEqual([]);
});

test('what claims that nothing is automatic has no rule and no check', () => {
  const modest = CATALOGUE.filter(({ evidence }) => evidence.startsWith('Nothing automatic'));
  expect(modest.flatMap((entry) => [...rulesServing(entry, rules), ...checksServing(entry)])).toEqual([]);
});

test('whatever needs evidence of people has an item in the record of it', () => {
  const { items } = readManualRecord(fs.readFileSync(path.join(ROOT, MANUAL_FILE), 'utf8'), CITATIONS);
  const recorded = new Set(items.flatMap(({ controls }) => controls));
  const needed = CATALOGUE.filter(({ manual, outOfScope }) => manual && outOfScope === undefined);
  expect(needed.map(({ citation }) => citation).filter((citation) => !recorded.has(citation))).toEqual([]);
});

test('each standard is there, and each entry says where it comes from', () => {
  expect(CATALOGUE.filter(({ standard }) => !CITATIONS.has(standard))).toEqual([]);
  for (const entry of CATALOGUE)
    expect(sourceOf(entry)).toContain(`45 CFR ${entry.citation}, https://www.ecfr.gov`);
});

test.each(CHECKS.map((check) => [check.id, check] as const))(
  'the check %s is a test that is there',
  (_, check) => {
    const text = fs.readFileSync(path.join(ROOT, check.file), 'utf8');
    const words = check.test.split(' ');
    const written = words.some((_word, n) => {
      const [group, name] = [words.slice(0, n).join(' '), words.slice(n).join(' ')];
      return text.includes(`test('${name}'`) && (n === 0 || text.includes(`describe('${group}'`));
    });
    expect(written).toBe(true);
  },
);

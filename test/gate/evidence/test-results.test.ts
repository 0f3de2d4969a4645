import * as path from 'node:path';
import { checkResults, REVISION } from '../../../bin/evidence/test-results';
import { NOT_DEPLOYED } from '../../../lib/checks/list';
import { CHECKS } from '../../../lib/gate/catalogue';
import { cleanUp, folderOf, ROOT } from './support';

afterAll(cleanUp);

const [check] = CHECKS;
const run = (status: string) => ({
  numPassedTests: 1,
  numFailedTests: 0,
  testResults: [
    { name: path.join(ROOT, check!.file), assertionResults: [{ fullName: check!.test, status }] },
  ],
});
const at = { commit: 'a'.repeat(40), dirty: false };
const whole = { ...at, leftOut: [] };
const of = (revision: unknown, status = 'passed') =>
  checkResults(at, folderOf({ [REVISION]: revision, 'unit.json': run(status) }));

test('results of tests count where they are of exactly the sources that are judged', () => {
  expect([...of(whole).checks]).toEqual([[check!.id, 'passed']]);
  expect(of(whole).operational).toMatchObject({
    state: 'present',
    summary: expect.stringContaining('1 passed, 0 failed in unit') as string,
  });
  expect([...of(whole, 'failed').checks]).toEqual([[check!.id, 'failed']]);
  expect([...of(whole, 'pending').checks]).toEqual([]);
});

test.each([
  ['another commit', { ...whole, commit: 'b'.repeat(40) }],
  ['sources with changes', { ...whole, dirty: true }],
  ['nobody knows what', {}],
])('results of tests show nothing when they are of %s', (_, revision) => {
  expect([...of(revision).checks]).toEqual([]);
  expect(of(revision).operational.state).toBe(_ === 'nobody knows what' ? 'absent' : 'stale');
});

test('results of tests show nothing of sources that have changed since', () => {
  const folder = folderOf({ [REVISION]: whole, 'unit.json': run('passed') });
  expect([...checkResults({ ...at, dirty: true }, folder).checks]).toEqual([]);
});

test('results of the fast part say which checks it does not ask: those that need a database', () => {
  const { checks, operational } = of({ ...at, leftOut: NOT_DEPLOYED });
  const leftOut = ['record-retention', 'row-level-security', 'classified-columns', 'signature-chain'];
  expect([...checks]).toEqual([[check!.id, 'passed'], ...leftOut.map((id) => [id, 'left-out'])]);
  expect(operational.summary).toContain(
    `1 of ${CHECKS.length} checks shown; not asked by this run, and shown by npm test as a whole: ${leftOut.join(', ')}.`,
  );
});

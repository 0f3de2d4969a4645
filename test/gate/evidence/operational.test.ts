import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkResults, REVISION } from '../../../bin/evidence/test-results';
import { CHECKS } from '../../../lib/gate/catalogue';
import { collectOperational } from '../../../lib/gate/evidence/operational';
import { gatedApp, raw, stackIn } from '../support';
import { cleanUp, contents, evidenceOf, ROOT, scratch } from './support';

afterAll(cleanUp);

/** A folder with these files in it. */
function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = scratch();
  for (const [name, written] of Object.entries(files))
    fs.writeFileSync(
      path.join(folder, name),
      typeof written === 'string' ? written : JSON.stringify(written),
    );
  return folder;
}

const DRILL = {
  doneOn: '2026-11-01',
  environment: 'staging',
  restored: 'The cluster',
  rtoMinutes: 48,
  rpoMinutes: 5,
  rtoTargetMinutes: 60,
  rpoTargetMinutes: 4,
};

test('what is not there is absent, with how to get it', () => {
  const { operational, files } = collectOperational(scratch());
  expect(operational.map(({ kind, state }) => [kind, state])).toEqual(
    ['sbom', 'scan', 'migrations', 'releases', 'drift', 'restore-drill'].map((kind) => [kind, 'absent']),
  );
  expect(operational.every(({ summary }) => summary.startsWith('Not collected: '))).toBe(true);
  expect(files.size).toBe(0);
});

test.each<[string, string, unknown, string]>([
  [
    'sbom',
    'sbom.cdx.json',
    { bomFormat: 'CycloneDX', specVersion: '1.5', components: [{ name: 'zod' }] },
    '1 components, CycloneDX 1.5.',
  ],
  [
    'scan',
    'audit.json',
    { metadata: { vulnerabilities: { info: 0, low: 3, moderate: 2, high: 1, critical: 0, total: 6 } } },
    '0 critical, 1 high, 2 moderate, 3 low.',
  ],
  [
    'migrations',
    'migrations.json',
    {
      action: 'status',
      version: 2,
      migrations: [
        { title: 'a', state: 'applied' },
        { title: 'b', state: 'pending' },
      ],
    },
    'At version 2; 1 of 2 migrations applied.',
  ],
  [
    'drift',
    'drift.json',
    { checkedOn: '2026-11-20', stacks: [{ stack: 'Prod/Data', driftedResources: 2 }] },
    '2 drifted resources in 1 stacks on 2026-11-20.',
  ],
  [
    'restore-drill',
    'restore-drill.json',
    DRILL,
    'The cluster of staging restored on 2026-11-01: RTO 48 min (within 60), RPO 5 min (OVER 4).',
  ],
  ['releases', 'releases.json', [], '0 records: 0 succeeded, 0 rolled back, 0 failed, 0 refused.'],
])('%s is read and goes along', (kind, file, written, summary) => {
  const { operational, files } = collectOperational(folderOf({ [file]: written }));
  expect(operational.find((one) => one.kind === kind)).toMatchObject({
    state: 'present',
    summary,
    file: `operational/${file}`,
  });
  expect([...files.keys()]).toEqual([`operational/${file}`]);
});

test('what is of another form is absent, and does not go along', () => {
  const { operational, files } = collectOperational(
    folderOf({ 'restore-drill.json': { ...DRILL, rtoMinutes: 'soon' }, 'audit.json': '{' }),
  );
  expect(
    operational.filter(({ summary }) => summary.includes('is not what')).map(({ kind }) => kind),
  ).toEqual(['scan', 'restore-drill']);
  expect(files.size).toBe(0);
});

test('the evidence holds the files under the names that the report gives', () => {
  const app = gatedApp();
  raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  const { operational, files } = collectOperational(folderOf({ 'restore-drill.json': DRILL }));
  const { folder, report } = evidenceOf(app, { operational, collected: files });
  const named = report.operational.find(({ kind }) => kind === 'restore-drill')?.file;
  expect(JSON.parse(contents(folder).get(named!)!)).toEqual(DRILL);
});

describe('results of tests', () => {
  const [check] = CHECKS;
  const run = (status: string) => ({
    numPassedTests: 1,
    numFailedTests: 0,
    testResults: [
      { name: path.join(ROOT, check!.file), assertionResults: [{ fullName: check!.test, status }] },
    ],
  });
  const at = { commit: 'a'.repeat(40), dirty: false };
  const of = (revision: unknown, status = 'passed') =>
    checkResults(at, folderOf({ [REVISION]: revision, 'unit.json': run(status) }));

  test('count where they are of exactly the sources that are judged', () => {
    expect([...of(at).checks]).toEqual([[check!.id, 'passed']]);
    expect(of(at).operational).toMatchObject({
      state: 'present',
      summary: expect.stringContaining('1 passed, 0 failed in unit') as string,
    });
    expect([...of(at, 'failed').checks]).toEqual([[check!.id, 'failed']]);
    expect([...of(at, 'pending').checks]).toEqual([]);
  });

  test.each([
    ['another commit', { ...at, commit: 'b'.repeat(40) }],
    ['sources with changes', { ...at, dirty: true }],
    ['nobody knows what', {}],
  ])('show nothing when they are of %s', (_, revision) => {
    expect([...of(revision).checks]).toEqual([]);
    expect(of(revision).operational.state).toBe('absent');
  });

  test('show nothing of sources that have changed since', () => {
    const folder = folderOf({ [REVISION]: at, 'unit.json': run('passed') });
    expect([...checkResults({ ...at, dirty: true }, folder).checks]).toEqual([]);
  });
});

import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkResults, REVISION } from '../../../bin/evidence/test-results';
import { NOT_DEPLOYED } from '../../../lib/checks/list';
import { CHECKS } from '../../../lib/gate/catalogue';
import { collectOperational } from '../../../lib/gate/evidence/operational';
import { noteOrigin } from '../../../lib/gate/evidence/origins';
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

const SOURCES = { packageLock: 'a'.repeat(64), today: '2026-11-28' };
/** What the folder's files are of: these sources, made on that day. */
function bind(folder: string, madeOn = '2026-11-28', packageLock = SOURCES.packageLock): string {
  for (const file of ['sbom.cdx.json', 'audit.json'])
    if (fs.existsSync(path.join(folder, file))) noteOrigin(folder, file, { packageLock, madeOn });
  return folder;
}

const SBOM = { bomFormat: 'CycloneDX', specVersion: '1.5', components: [{ name: 'zod' }] };
const AUDIT = {
  metadata: { vulnerabilities: { info: 0, low: 3, moderate: 2, high: 1, critical: 0, total: 6 } },
};
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
  const { operational, files } = collectOperational(scratch(), SOURCES);
  expect(operational.map(({ kind, state }) => [kind, state])).toEqual(
    ['sbom', 'scan', 'migrations', 'releases', 'drift', 'restore-drill'].map((kind) => [kind, 'absent']),
  );
  expect(operational.every(({ summary }) => summary.startsWith('Not collected: '))).toBe(true);
  expect(files.size).toBe(0);
});

test.each<[string, string, unknown, string]>([
  ['sbom', 'sbom.cdx.json', SBOM, '1 components, CycloneDX 1.5.'],
  ['scan', 'audit.json', AUDIT, '0 critical, 1 high, 2 moderate, 3 low.'],
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
  const { operational, files } = collectOperational(bind(folderOf({ [file]: written })), SOURCES);
  expect(operational.find((one) => one.kind === kind)).toMatchObject({
    state: 'present',
    summary,
    file: `operational/${file}`,
  });
  const bound = ['sbom', 'scan'].includes(kind) ? ['operational/origins.json'] : [];
  expect([...files.keys()].sort()).toEqual([...bound, `operational/${file}`].sort());
});

test('what is of another form is absent, and does not go along', () => {
  const { operational, files } = collectOperational(
    bind(folderOf({ 'restore-drill.json': { ...DRILL, rtoMinutes: 'soon' }, 'audit.json': '{' })),
    SOURCES,
  );
  expect(
    operational.filter(({ summary }) => summary.includes('is not what')).map(({ kind }) => kind),
  ).toEqual(['scan', 'restore-drill']);
  expect(files.size).toBe(0);
});

describe('a bill of materials and an audit', () => {
  const both = () => folderOf({ 'sbom.cdx.json': SBOM, 'audit.json': AUDIT });
  const states = (folder: string, sources = SOURCES) => {
    const { operational, files } = collectOperational(folder, sources);
    const [sbom, scan] = ['sbom', 'scan'].map((kind) => operational.find((one) => one.kind === kind));
    return { sbom, scan, files: [...files.keys()] };
  };

  test('of another package-lock.json are stale, show nothing and do not go along', () => {
    const { sbom, scan, files } = states(bind(both(), '2026-11-28', 'b'.repeat(64)));
    for (const one of [sbom, scan]) {
      expect(one).toMatchObject({ state: 'stale' });
      expect(one).not.toHaveProperty('file');
      expect(one?.summary).toMatch(
        /shows nothing: it is of the package-lock\.json bbbbbbbbbbbb, and this is aaaaaaaaaaaa\. Anew by npm run evidence -- collect\./,
      );
    }
    expect(files).toEqual([]);
  });

  test('of which nothing says what they are of are stale', () => {
    for (const folder of [
      both(),
      folderOf({ 'sbom.cdx.json': SBOM, 'audit.json': AUDIT, 'origins.json': '{' }),
    ]) {
      const { sbom, scan, files } = states(folder);
      expect([sbom?.state, scan?.state, files]).toEqual(['stale', 'stale', []]);
      expect(sbom?.summary).toContain('origins.json does not say which package-lock.json it is of');
    }
  });

  test('that were put in the place of those that were collected are stale', () => {
    const folder = bind(both());
    fs.writeFileSync(path.join(folder, 'audit.json'), JSON.stringify({ ...AUDIT, more: 1 }));
    const { sbom, scan } = states(folder);
    expect([sbom?.state, scan?.state]).toEqual(['present', 'stale']);
    expect(scan?.summary).toContain('it is not the file that origins.json speaks of');
  });

  test('hold for ever the one, and for a week the other', () => {
    const at = (today: string) => {
      const { sbom, scan } = states(bind(both(), '2026-11-21'), { ...SOURCES, today });
      return [sbom?.state, scan?.state];
    };
    expect(at('2026-11-28')).toEqual(['present', 'present']);
    expect(at('2026-11-29')).toEqual(['present', 'stale']);
  });
});

test('the evidence holds the files under the names that the report gives', () => {
  const app = gatedApp();
  raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  const { operational, files } = collectOperational(folderOf({ 'restore-drill.json': DRILL }), SOURCES);
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
  const whole = { ...at, leftOut: [] };
  const of = (revision: unknown, status = 'passed') =>
    checkResults(at, folderOf({ [REVISION]: revision, 'unit.json': run(status) }));

  test('count where they are of exactly the sources that are judged', () => {
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
  ])('show nothing when they are of %s', (_, revision) => {
    expect([...of(revision).checks]).toEqual([]);
    expect(of(revision).operational.state).toBe(_ === 'nobody knows what' ? 'absent' : 'stale');
  });

  test('show nothing of sources that have changed since', () => {
    const folder = folderOf({ [REVISION]: whole, 'unit.json': run('passed') });
    expect([...checkResults({ ...at, dirty: true }, folder).checks]).toEqual([]);
  });

  test('of the fast part say which checks it does not ask: those that need a database', () => {
    const { checks, operational } = of({ ...at, leftOut: NOT_DEPLOYED });
    const leftOut = ['record-retention', 'row-level-security', 'classified-columns', 'signature-chain'];
    expect([...checks]).toEqual([[check!.id, 'passed'], ...leftOut.map((id) => [id, 'left-out'])]);
    expect(operational.summary).toContain(
      `1 of ${CHECKS.length} checks shown; not asked by this run, and shown by npm test as a whole: ${leftOut.join(', ')}.`,
    );
  });
});

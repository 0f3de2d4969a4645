import * as fs from 'node:fs';
import * as path from 'node:path';
import { collectOperational, keepOperational, KeepError } from '../../../lib/gate/evidence/operational';
import { noteOrigin } from '../../../lib/gate/evidence/origins';
import { gatedApp, raw, stackIn } from '../support';
import { cleanUp, contents, evidenceOf, folderOf, scratch } from './support';

afterAll(cleanUp);

const SOURCES = { packageLock: 'a'.repeat(64), commit: 'c'.repeat(40), today: '2026-11-28' };
const FILES = [
  'sbom.cdx.json',
  'audit.json',
  'migrations.json',
  'releases.json',
  'drift.json',
  'restore-drill.json',
];
/** What the folder's files are of: these sources, made on that day. */
function bind(
  folder: string,
  changes: { madeOn?: string; packageLock?: string; commit?: string } = {},
): string {
  const { packageLock, commit } = SOURCES;
  for (const file of FILES)
    if (fs.existsSync(path.join(folder, file)))
      noteOrigin(folder, file, { packageLock, commit, madeOn: '2026-11-28', ...changes });
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
  expect(operational.every(({ summary }) => summary.startsWith('Not collected. '))).toBe(true);
  expect(files.size).toBe(0);
});

test.each<[string, string, unknown, string]>([
  ['sbom', 'sbom.cdx.json', SBOM, '1 component, CycloneDX 1.5.'],
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
    '2 drifted resources in 1 stack on 2026-11-20.',
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
  expect([...files.keys()].sort()).toEqual(['operational/origins.json', `operational/${file}`].sort());
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
    const { sbom, scan, files } = states(bind(both(), { packageLock: 'b'.repeat(64) }));
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
      const { sbom, scan } = states(bind(both(), { madeOn: '2026-11-21' }), { ...SOURCES, today });
      return [sbom?.state, scan?.state];
    };
    expect(at('2026-11-28')).toEqual(['present', 'present']);
    expect(at('2026-11-29')).toEqual(['present', 'stale']);
  });
});

const MIGRATIONS = { action: 'status', version: 1, migrations: [] };
const DRIFT = { checkedOn: '2026-11-25', stacks: [] };
const KEPT = {
  'migrations.json': MIGRATIONS,
  'releases.json': [],
  'drift.json': DRIFT,
  'restore-drill.json': DRILL,
};

describe('a record of operation', () => {
  const states = (folder: string, changes: Partial<typeof SOURCES> = {}) =>
    collectOperational(folder, { ...SOURCES, ...changes })
      .operational.slice(2)
      .map(({ kind, state, summary }) => (state === 'present' ? kind : `${kind} ${state}: ${summary}`));

  test('that nobody says the day and the commit of is stale, and does not go along', () => {
    const folder = folderOf(KEPT);
    expect(collectOperational(folder, SOURCES).files.size).toBe(0);
    expect(states(folder)).toEqual([
      ...[
        ['migrations', 'npm run --silent migrate -- status --env <name> --json > migrations.json'],
        ['releases', 'npm run --silent releases -- --env <name> --json > releases.json'],
        ['drift', 'a drift detection, by hand'],
      ].map(
        ([kind, from]) =>
          `${kind} stale: ${kind}.json shows nothing: origins.json does not say which commit it is of. Get ${kind}.json by ${from}, then npm run evidence -- keep ${kind}.json.`,
      ),
      expect.stringContaining(
        'restore-drill stale: restore-drill.json shows nothing: origins.json does not say when it was made.',
      ),
    ]);
  });

  test('of a running release holds for a week and for that commit; a restore drill for a quarter, of whichever', () => {
    const folder = bind(folderOf(KEPT), { madeOn: '2026-11-21' });
    const all = ['migrations', 'releases', 'drift', 'restore-drill'];
    expect(states(folder)).toEqual(all);
    const later = states(folder, { today: '2026-11-29' });
    expect(later.map((one) => one.split(' ')[1])).toEqual(['stale:', 'stale:', 'stale:', undefined]);
    expect(later[0]).toContain('it was made on 2026-11-21, and holds for 7 days');
    const other = states(folder, { commit: 'd'.repeat(40) });
    expect(other.map((one) => one.split(' ')[1])).toEqual(['stale:', 'stale:', 'stale:', undefined]);
    expect(other[2]).toContain('it is of the commit cccccccccccc, and this is dddddddddddd');
    expect(states(folder, { today: '2027-02-22' })[3]).toContain(
      'it was made on 2026-11-21, and holds for 92 days',
    );
    expect(states(folder, { today: '2026-11-20' })[3]).toContain('made on 2026-11-21, which is yet to come');
  });

  test('is kept under its name, with the day that it tells or else today', () => {
    const [from, folder] = [folderOf(KEPT), path.join(scratch(), 'operational')];
    const said = Object.keys(KEPT).map((file) =>
      keepOperational(folder, path.join(from, file), { commit: SOURCES.commit, day: '2026-11-28' }),
    );
    expect(said[2]).toBe('0 drifted resources in 0 stacks on 2026-11-25.');
    expect(states(folder)).toEqual(['migrations', 'releases', 'drift', 'restore-drill']);
    const origins = JSON.parse(fs.readFileSync(path.join(folder, 'origins.json'), 'utf8')) as Record<
      string,
      { madeOn: string }
    >;
    expect(Object.entries(origins).map(([file, { madeOn }]) => [file, madeOn])).toEqual([
      ['drift.json', '2026-11-25'],
      ['migrations.json', '2026-11-28'],
      ['releases.json', '2026-11-28'],
      ['restore-drill.json', '2026-11-01'],
    ]);
  });

  test('of another form or name is not kept; everything that is wrong with it is told', () => {
    const from = folderOf({
      'drift.json': { checkedOn: 'today', stacks: [{ stack: 1 }] },
      'x.json': {},
      'releases.json': '{',
    });
    const folder = path.join(scratch(), 'operational');
    const keep = (file: string) => () =>
      keepOperational(folder, path.join(from, file), { commit: 'c', day: '2026-11-28' });
    expect(keep('drift.json')).toThrow(
      /is not of the form that drift\.json has \(a drift detection, by hand\):\n {2}checkedOn: .*\n {2}stacks\.0\.stack: .*\n {2}stacks\.0\.driftedResources: /,
    );
    expect(keep('x.json')).toThrow(
      /^x\.json is nothing that is kept, expected one of migrations\.json \(npm run --silent migrate/,
    );
    expect(keep('releases.json')).toThrow(/releases\.json cannot be read as JSON: /);
    expect(keep('drift2.json')).toThrow(KeepError);
    expect(fs.existsSync(folder)).toBe(false);
  });
});

test('the evidence holds the files under the names that the report gives', () => {
  const app = gatedApp();
  raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  const { operational, files } = collectOperational(bind(folderOf({ 'restore-drill.json': DRILL })), SOURCES);
  const { folder, report } = evidenceOf(app, { operational, collected: files });
  const named = report.operational.find(({ kind }) => kind === 'restore-drill')?.file;
  expect(JSON.parse(contents(folder).get(named!)!)).toEqual(DRILL);
});

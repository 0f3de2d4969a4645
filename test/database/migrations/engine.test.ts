import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { catalogueHash, takeSnapshot } from '../../../lib/migrations/catalogue';
import { createMigrator, type Migrator, type MigratorOptions } from '../../../lib/migrations/engine';
import { readMigrations } from '../../../lib/migrations/files';
import type { PlanReport, Report, RunReport, StatusReport } from '../../../lib/migrations/report';
import { CLOCK, type TestDatabase, TestDatabases } from '../support/databases';

const SHIPPED = path.resolve(__dirname, '../../../migrations');
let databases: TestDatabases;
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  databases = await TestDatabases.start();
}, 60_000);
afterAll(() => databases.remove());
beforeEach(async () => {
  database = await databases.fresh();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(title: string, up: string, down: string, header = 'phase=expand reversible=lossless'): void {
  fs.writeFileSync(path.join(folder, `${title}.up.sql`), `-- migrate: ${header}\n${up}\n`);
  fs.writeFileSync(path.join(folder, `${title}.down.sql`), `${down}\n`);
}

async function migrator(from = folder, options: Partial<MigratorOptions> = {}): Promise<Migrator> {
  return createMigrator({
    set: await readMigrations(from),
    connect: (application) => database.migrator(application),
    clock: CLOCK,
    runner: { release: '2', commit: 'abc', actor: 'test' },
    queries: [],
    applicationPrefix: 'telehealth-api/',
    ...options,
  });
}

const codes = ({ problems }: Report): string[] => problems.map(({ code }) => code);

async function hash(): Promise<string> {
  return catalogueHash(await takeSnapshot(await database.migrator()));
}

test('every shipped migration goes up, down to nothing, and up to the same catalogue', async () => {
  const shipped = await migrator(SHIPPED);
  const empty = await hash();
  const whole = async (): Promise<void> => {
    expect(await shipped.run({ action: 'up' })).toMatchObject({ outcome: 'done', problems: [] });
    expect(codes(await shipped.run({ action: 'up', phase: 'contract' }))).toEqual(['unapproved']);
    const { digest } = (await shipped.run({ action: 'plan', phase: 'contract' })) as PlanReport;
    const contract = await shipped.run({ action: 'up', phase: 'contract', approve: digest });
    expect(contract).toMatchObject({ outcome: 'done', problems: [] });
  };
  await whole();
  const status = (await shipped.run({ action: 'status' })) as StatusReport;
  expect(status.migrations.map(({ state }) => state)).toEqual(status.migrations.map(() => 'applied'));
  const first = await hash();
  expect(codes(await shipped.run({ action: 'down', to: 0 }))).toContain('loses-data');
  const down = (await shipped.run({ action: 'down', to: 0, allowLoss: true })) as RunReport;
  expect(down).toMatchObject({ outcome: 'done', version: 0 });
  expect(await hash()).toBe(empty);
  await whole();
  expect(await hash()).toBe(first);
}, 60_000);

test('of eight runners one applies, and the others find nothing to do', async () => {
  write('0001_one', 'CREATE TABLE one (id uuid PRIMARY KEY);', 'DROP TABLE one;');
  write(
    '0002_index',
    '-- migrate: transaction=false\nCREATE INDEX CONCURRENTLY one_id ON one (id);',
    '-- migrate: transaction=false\nDROP INDEX CONCURRENTLY one_id;',
  );
  const runners = await Promise.all(Array.from({ length: 8 }, () => migrator()));
  const reports = (await Promise.all(runners.map((one) => one.run({ action: 'up' })))) as RunReport[];
  expect(reports.map(({ outcome }) => outcome)).toEqual(reports.map(() => 'done'));
  expect(reports.flatMap(({ steps }) => steps.map(({ title }) => title))).toEqual(['0001_one', '0002_index']);
}, 60_000);

test('a failed run leaves nothing behind when nothing is lost by undoing it', async () => {
  const before = await hash();
  write('0001_one', 'CREATE TABLE one (id uuid PRIMARY KEY);', 'DROP TABLE one;');
  write(
    '0002_index',
    '-- migrate: transaction=false\nCREATE INDEX CONCURRENTLY one_id ON one (id);',
    '-- migrate: transaction=false\nDROP INDEX CONCURRENTLY one_id;',
  );
  write('0003_bad', 'CREATE TABLE two (id uuid); SELECT 1 / 0;', 'DROP TABLE two;');
  const report = (await (await migrator()).run({ action: 'up' })) as RunReport;
  expect(report).toMatchObject({ outcome: 'failed', version: 0 });
  expect(report.problems).toMatchObject([{ code: 'sql-error', sqlstate: '22012', file: '0003_bad.up.sql' }]);
  expect(report.steps.map(({ title, outcome }) => `${title} ${outcome}`)).toEqual([
    '0001_one applied',
    '0002_index applied',
    '0003_bad failed',
    '0002_index undone',
    '0001_one undone',
  ]);
  expect(await hash()).toBe(before);
});

test('what loses data when undone stays, and is said', async () => {
  write('0001_one', 'CREATE TABLE one (id uuid);', 'DROP TABLE one;', 'phase=expand reversible=lossy');
  write('0002_bad', 'SELECT 1 / 0;', 'SELECT 1;');
  const report = (await (await migrator()).run({ action: 'up' })) as RunReport;
  expect(codes(report)).toEqual(['sql-error', 'kept']);
  expect(report.version).toBe(1);
});

test('an edited and a missing file are refused before anything runs', async () => {
  write('0001_one', 'CREATE TABLE one (id uuid);', 'DROP TABLE one;');
  expect(await (await migrator()).run({ action: 'up' })).toMatchObject({ outcome: 'done' });
  write('0001_one', 'CREATE TABLE one (id text);', 'DROP TABLE one;');
  write('0002_two', 'CREATE TABLE two (id uuid);', 'DROP TABLE two;');
  const edited = (await (await migrator()).run({ action: 'up' })) as RunReport;
  expect(edited).toMatchObject({ outcome: 'refused', steps: [], version: 1 });
  expect(codes(edited)).toEqual(['edited-file']);
  fs.rmSync(folder, { recursive: true });
  fs.mkdirSync(folder);
  expect(codes(await (await migrator()).run({ action: 'up' }))).toEqual(['missing-file']);
});

test('a change made by hand stops the next run until somebody answers for it', async () => {
  write('0001_one', 'CREATE TABLE one (id uuid);', 'DROP TABLE one;');
  expect(await (await migrator()).run({ action: 'up' })).toMatchObject({ outcome: 'done', problems: [] });
  await (await database.migrator('by hand')).query('ALTER TABLE one ADD hot_fix text');
  expect(codes(await (await migrator()).run({ action: 'drift' }))).toEqual(['drift']);
  write('0002_two', 'CREATE TABLE two (id uuid);', 'DROP TABLE two;');
  expect(codes(await (await migrator()).run({ action: 'up' }))).toEqual(['drift']);
  expect(await (await migrator()).run({ action: 'repair' })).toMatchObject({ outcome: 'done' });
  expect(await (await migrator()).run({ action: 'up' })).toMatchObject({ outcome: 'done', version: 2 });
});

test('a migration waits for its lock in short tries, and gets it', async () => {
  write('0001_one', 'CREATE TABLE one (id uuid);', 'DROP TABLE one;');
  await (await migrator()).run({ action: 'up' });
  write('0002_two', 'ALTER TABLE one ADD two text;', 'ALTER TABLE one DROP two;');
  const reader = await database.migrator('reader');
  await reader.query('BEGIN; SELECT FROM one');
  const running = (await migrator()).run({ action: 'up' }) as Promise<RunReport>;
  await CLOCK.sleep(600);
  await reader.query('COMMIT');
  const { outcome, steps } = await running;
  expect(outcome).toBe('done');
  expect(steps[0]?.attempts).toBeGreaterThan(1);
});

test('a query of the release that serves is not broken', async () => {
  write('0001_one', 'CREATE TABLE one (id uuid, name text);', 'DROP TABLE one;');
  const queries = [{ name: 'names', sql: 'SELECT name FROM one WHERE id = $1' }];
  await (await migrator(folder, { queries })).run({ action: 'up' });
  write('0002_two', 'ALTER TABLE one RENAME name TO label;', 'ALTER TABLE one RENAME label TO name;');
  const report = (await (await migrator()).run({ action: 'up' })) as RunReport;
  expect(report).toMatchObject({ outcome: 'refused', version: 1 });
  await expect((await database.migrator()).query('SELECT name FROM one')).resolves.toBeDefined();
});

test('a backfill continues behind its last batch when the time is up', async () => {
  write('0001_one', 'CREATE TABLE one (id uuid PRIMARY KEY, done boolean);', 'DROP TABLE one;');
  await (await migrator()).run({ action: 'up' });
  const client = await database.migrator('rows');
  await client.query('INSERT INTO one SELECT gen_random_uuid() FROM generate_series(1, 2000)');
  write(
    '0002_fill',
    '-- migrate: kind=backfill table=one key=id batch=100 pause=5ms\nUPDATE one SET done = true WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;',
    'UPDATE one SET done = NULL WHERE done;',
  );
  let left = 3;
  const short = await migrator(folder, {
    remainingMs: () => 15_000 + left * 100,
    onEvent: ({ kind }) => {
      if (kind === 'progress') left -= 1;
    },
  });
  expect(await short.run({ action: 'up' })).toMatchObject({ outcome: 'continue' });
  const { rows } = await client.query<{ done: number }>('SELECT count(done)::int AS done FROM one');
  expect(rows[0]?.done).toBe(300);
  const rest = (await (await migrator()).run({ action: 'up' })) as RunReport;
  expect(rest).toMatchObject({ outcome: 'done', version: 2 });
  expect(rest.steps[0]?.rows).toBe(1700);
});

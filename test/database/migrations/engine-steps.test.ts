import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createMigrator, type MigratorOptions } from '../../../lib/migrations/engine';
import { readMigrations } from '../../../lib/migrations/files';
import type { Report, RunReport, StatusReport } from '../../../lib/migrations/report';
import type { Request } from '../../../lib/migrations/request';
import { CLOCK, type TestDatabase, TestDatabases } from '../support/databases';

jest.setTimeout(30_000);

let databases: TestDatabases;
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  databases = await TestDatabases.start();
}, 60_000);
afterAll(() => databases.remove(), 60_000);
beforeEach(async () => {
  database = await databases.fresh();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const EXPAND = 'phase=expand reversible=lossless';

function write(title: string, up: string, down: string, header = EXPAND): void {
  fs.writeFileSync(path.join(folder, `${title}.up.sql`), `-- migrate: ${header}\n${up}\n`);
  fs.writeFileSync(path.join(folder, `${title}.down.sql`), `${down}\n`);
}

async function ask<R extends Report = RunReport>(
  request: Request,
  options: Partial<MigratorOptions> = {},
): Promise<R> {
  const migrator = createMigrator({
    set: await readMigrations(folder),
    connect: (application) => database.migrator(application),
    clock: CLOCK,
    runner: { release: '2', commit: 'abc', actor: 'test' },
    queries: [],
    applicationPrefix: 'telehealth-api/',
    ...options,
  });
  return (await migrator.run(request)) as R;
}

const codes = ({ problems }: Report): string[] => problems.map(({ code }) => code);

async function words(title: string): Promise<string> {
  const { migrations } = await ask<StatusReport>({ action: 'status' });
  return migrations.find((migration) => migration.title === title)!.words;
}

async function indexes(): Promise<{ name: string; valid: boolean }[]> {
  const { rows } = await (
    await database.migrator()
  ).query<{ name: string; valid: boolean }>(
    `SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON oid = indexrelid
     WHERE indrelid = to_regclass('public.one') ORDER BY 1`,
  );
  return rows;
}

/** The table `one` with rows, and an index of it that is to be built CONCURRENTLY. */
async function tableAndIndex(kind = 'INDEX'): Promise<void> {
  write('0001_one', 'CREATE TABLE one (id int);', 'DROP TABLE one;');
  await ask({ action: 'up' });
  await (await database.migrator()).query('INSERT INTO one SELECT i % 500 FROM generate_series(1, 1000) i');
  write(
    '0002_index',
    `-- migrate: transaction=false\nCREATE ${kind} CONCURRENTLY one_id ON one (id);`,
    '-- migrate: transaction=false\nDROP INDEX CONCURRENTLY one_id;',
  );
}

/** A transaction that a concurrent build has to wait for. */
async function oldTransaction(): Promise<() => Promise<unknown>> {
  const client = await database.migrator('reader');
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM one');
  return () => client.query('COMMIT');
}

test('a build outlives its runner, and the next call takes it over', async () => {
  await tableAndIndex();
  const release = await oldTransaction();
  const end = CLOCK.now() + 700;
  const cut = await ask({ action: 'up' }, { limits: { marginMs: 0 }, remainingMs: () => end - CLOCK.now() });
  expect(cut).toMatchObject({ outcome: 'continue', problems: [], version: 1 });
  expect(await words('0002_index')).toMatch(
    /an index is being built by process \d+, which goes on by itself/,
  );
  await release();
  const next = await ask({ action: 'up' });
  expect(next).toMatchObject({ outcome: 'done', problems: [], version: 2 });
  expect(await indexes()).toEqual([{ name: 'one_id', valid: true }]);
});

test('a build that was killed leaves an invalid index, which the next call replaces', async () => {
  await tableAndIndex();
  const release = await oldTransaction();
  const running = ask({ action: 'up' });
  const killer = await database.migrator();
  for (let killed = 0; killed === 0;) {
    await CLOCK.sleep(50);
    const { rowCount } = await killer.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index
       WHERE phase LIKE 'waiting%' AND datname = current_database()`,
    );
    killed = rowCount ?? 0;
  }
  await release();
  expect(await running).toMatchObject({ outcome: 'failed' });
  expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 2 });
  expect(await indexes()).toEqual([{ name: 'one_id', valid: true }]);
});

test('a unique index that the rows do not allow is gone again, and no row is told of', async () => {
  await tableAndIndex('UNIQUE INDEX');
  const report = await ask({ action: 'up' });
  expect(report).toMatchObject({ outcome: 'failed', version: 1 });
  expect(report.problems).toMatchObject([{ sqlstate: '23505', migration: '0002_index', line: 3 }]);
  expect(JSON.stringify(report)).not.toMatch(/Key \(|\(id\)=/);
  expect(await indexes()).toEqual([]);
  expect(await words('0002_index')).toMatch(/the last try.*failed and nothing of it is left/);
});

test('what broke between two statements and would lose data stays, is explained, and is continued', async () => {
  write(
    '0001_steps',
    `-- migrate: transaction=false
CREATE TABLE one (id int);
INSERT INTO one VALUES (1);
ALTER TABLE one ADD CONSTRAINT positive CHECK (id > 1);
CREATE TABLE two (id int);`,
    '-- migrate: transaction=false\nDROP TABLE two;\nDROP TABLE one;',
    'phase=expand reversible=lossy',
  );
  const report = await ask({ action: 'up' });
  expect(report).toMatchObject({ outcome: 'failed', version: 0 });
  expect(codes(report)).toEqual(['sql-error', 'left-half-done']);
  expect(await words('0001_steps')).toMatch(/failed half-way, 2 of 4 statements are done/);
  await (await database.migrator()).query('UPDATE one SET id = 2');
  expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 1 });
  const { rows } = await (await database.migrator()).query('SELECT id FROM one');
  expect(rows).toEqual([{ id: 2 }]);
});

test('what is out of order, too early or not agreed to is refused, all at once', async () => {
  write('0001_one', 'CREATE TABLE one (id int, old int);', 'DROP TABLE one;');
  write(
    '0002_drop',
    '-- approve: by=officer ticket=DB-1 reason="Nobody reads it."\nALTER TABLE one DROP old;',
    'ALTER TABLE one ADD old int;',
    'phase=contract reversible=lossy',
  );
  const early = await ask({ action: 'up', phase: 'contract' });
  expect(early).toMatchObject({ outcome: 'refused', steps: [] });
  expect(codes(early)).toEqual(['expand-first', 'unapproved']);

  write('0003_three', 'CREATE TABLE three (id int);', 'DROP TABLE three;');
  expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 3 });
  write('0002_drop', 'CREATE TABLE four (id int);', 'DROP TABLE four;');
  expect(codes(await ask({ action: 'up' }))).toEqual(['out-of-order']);
});

test('a contract waits until no session of another release is left', async () => {
  write('0001_one', 'CREATE TABLE one (id int);', 'DROP TABLE one;');
  write(
    '0002_rename',
    'ALTER TABLE one RENAME id TO key;',
    'ALTER TABLE one RENAME key TO id;',
    'phase=contract reversible=lossless',
  );
  await ask({ action: 'up' });
  const older = await database.api('telehealth-api/1');
  expect(codes(await ask({ action: 'up', phase: 'contract' }))).toEqual(['older-release-connected']);
  await older.end();
  await CLOCK.sleep(100);
  expect(await ask({ action: 'up', phase: 'contract' })).toMatchObject({ outcome: 'done', version: 2 });
});

test('a migration that the application waits for is cancelled, and nothing of it is left', async () => {
  write('0001_one', 'CREATE TABLE one (id int);', 'DROP TABLE one;');
  await ask({ action: 'up' });
  write('0002_slow', 'ALTER TABLE one ADD slow int;\nSELECT pg_sleep(10);', 'ALTER TABLE one DROP slow;');
  const running = ask({ action: 'up' });
  const client = await database.migrator('application');
  const asleep =
    "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND wait_event = 'PgSleep'";
  while ((await client.query(asleep)).rowCount === 0) await CLOCK.sleep(10);
  await client.query('SELECT count(*) FROM one');
  const report = await running;
  expect(report).toMatchObject({ outcome: 'failed', version: 1 });
  expect(report.problems).toMatchObject([{ code: 'stalled', file: '0002_slow.up.sql', line: 3 }]);
  expect(report.steps[0]!.stallMs).toBeGreaterThan(150);
});

test('a baseline records without running, and only where there is no history', async () => {
  write('0001_one', 'CREATE TABLE one (id int);', 'DROP TABLE one;');
  write('0002_two', 'CREATE TABLE two (id int);', 'DROP TABLE two;');
  await (await database.migrator()).query('CREATE TABLE one (id int)');
  expect(codes(await ask({ action: 'baseline', to: 9 }))).toEqual(['unknown-version']);
  expect(await ask({ action: 'baseline', to: 1 })).toMatchObject({ outcome: 'done', version: 1 });
  expect(await words('0001_one')).toMatch(/recorded as applied, without running it/);
  expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 2 });
  expect(codes(await ask({ action: 'baseline', to: 2 }))).toEqual(['has-history']);
});

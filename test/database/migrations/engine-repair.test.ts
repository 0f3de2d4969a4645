import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { catalogueHash, takeSnapshot } from '../../../lib/migrations/catalogue';
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
  write('0001_one', 'CREATE TABLE one (id int);', 'DROP TABLE one;');
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(title: string, up: string, down: string, header = 'phase=expand reversible=lossless'): void {
  fs.writeFileSync(path.join(folder, `${title}.up.sql`), `-- migrate: ${header}\n${up}\n`);
  fs.writeFileSync(path.join(folder, `${title}.down.sql`), `${down}\n`);
}

function define(sql: string): void {
  fs.mkdirSync(path.join(folder, 'repeatable'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'repeatable/ones.sql'), `${sql}\n`);
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
  return migrations.find((migration) => migration.title === title)?.words ?? '';
}

async function query<T extends object>(sql: string): Promise<readonly T[]> {
  return (await (await database.migrator()).query<T>(sql)).rows;
}

async function hash(): Promise<string> {
  return catalogueHash(await takeSnapshot(await database.migrator()));
}

/** Waits until a session is in a place. */
async function until(sql: string): Promise<number> {
  const client = await database.superuser();
  for (;;) {
    const { rows } = await client.query<{ pid: number }>(sql);
    if (rows[0]) return rows[0].pid;
    await CLOCK.sleep(10);
  }
}

async function end(pid: number): Promise<void> {
  await (await database.superuser()).query('SELECT pg_terminate_backend($1)', [pid]);
}

const ASLEEP =
  "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND wait_event = 'PgSleep'";

describe('repair', () => {
  it('undoes what a lost run left half-way, when nothing is lost by it', async () => {
    await ask({ action: 'up' });
    const before = await hash();
    write(
      '0002_steps',
      '-- migrate: transaction=false\nCREATE TABLE two (id int);\nSELECT pg_sleep(20);\nCREATE TABLE three (id int);',
      '-- migrate: transaction=false\nDROP TABLE three;\nDROP TABLE two;',
    );
    const running = ask({ action: 'up' });
    await end(await until(ASLEEP));
    expect(codes(await running)).toEqual(['connection-lost']);
    expect(await words('0002_steps')).toMatch(/interrupted.*1 of 3 statements are done/);
    expect(await ask({ action: 'repair' })).toMatchObject({ outcome: 'done', version: 1, problems: [] });
    expect(await hash()).toBe(before);
    expect(await words('0002_steps')).toMatch(/waits to be applied/);
    expect(await query('SELECT words FROM migrate.log WHERE action = $$repair$$')).toEqual([
      { words: '0002_steps was half-done and is undone.' },
    ]);
  });

  it('leaves what cannot be undone without a loss, and says so', async () => {
    write(
      '0002_steps',
      '-- migrate: transaction=false\nCREATE TABLE two (id int);\nINSERT INTO two VALUES (7);\nSELECT 1 / 0;',
      '-- migrate: transaction=false\nDROP TABLE two;',
      'phase=expand reversible=lossy',
    );
    expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'failed' });
    const report = await ask({ action: 'repair' });
    expect(report.outcome).toBe('refused');
    expect(report.problems).toMatchObject([{ code: 'left-half-done', migration: '0002_steps' }]);
    expect(await query('SELECT id FROM two')).toEqual([{ id: 7 }]);
    expect(await ask({ action: 'down', to: 1, allowLoss: true })).toMatchObject({
      outcome: 'done',
      version: 1,
    });
  });
});

test('what an interrupted REINDEX left is dropped, and the index is rebuilt by the next run', async () => {
  write(
    '0002_index',
    '-- migrate: transaction=false\nCREATE INDEX CONCURRENTLY one_id ON one (id);',
    '-- migrate: transaction=false\nDROP INDEX CONCURRENTLY one_id;',
  );
  await ask({ action: 'up' });
  write(
    '0003_rebuild',
    '-- migrate: transaction=false\nREINDEX INDEX CONCURRENTLY one_id;',
    '-- An index that is rebuilt is as it was.',
  );
  const older = await database.migrator('older');
  await older.query('BEGIN; INSERT INTO one VALUES (1)');
  const running = ask({ action: 'up' });
  const pid = await until(
    "SELECT pid FROM pg_stat_activity WHERE query LIKE 'REINDEX%' AND wait_event_type = 'Lock'",
  );
  const indexes = `SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE indrelid = 'one'::regclass ORDER BY 1`;
  expect(await query(indexes)).toEqual([
    { name: 'one_id', valid: true },
    { name: 'one_id_ccnew', valid: false },
  ]);
  await end(pid);
  await older.query('ROLLBACK');
  expect(codes(await running)).toContain('build-ended');
  expect(await query(indexes)).toEqual([{ name: 'one_id', valid: true }]);
  expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 3, problems: [] });
  expect(await query(indexes)).toEqual([{ name: 'one_id', valid: true }]);
});

test('a down that is cut between two statements is explained, and finished by the next down', async () => {
  write(
    '0002_steps',
    '-- migrate: transaction=false\nCREATE TABLE two (id int);\nCREATE TABLE three (id int);',
    '-- migrate: transaction=false\nDROP TABLE three;\nSELECT pg_sleep(0.4);\nDROP TABLE two;',
  );
  await ask({ action: 'up', to: 1 });
  const before = await hash();
  await ask({ action: 'up' });
  const running = ask({ action: 'down', to: 1 });
  await end(await until(ASLEEP));
  expect(codes(await running)).toEqual(['connection-lost']);
  expect(await words('0002_steps')).toMatch(/undoing it was interrupted.*1 of 3.*`down` continues there/);
  expect(await ask({ action: 'down', to: 1 })).toMatchObject({ outcome: 'done', version: 1, problems: [] });
  expect(await hash()).toBe(before);
});

test('a down that was cut is finished by `up`, which then applies the migration anew', async () => {
  write(
    '0002_steps',
    '-- migrate: transaction=false\nCREATE TABLE two (id int);\nCREATE TABLE three (id int);',
    '-- migrate: transaction=false\nDROP TABLE three;\nSELECT pg_sleep(0.4);\nDROP TABLE two;',
  );
  await ask({ action: 'up' });
  const before = await hash();
  const running = ask({ action: 'down', to: 1 });
  await end(await until(ASLEEP));
  await running;
  expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 2, problems: [] });
  expect(await hash()).toBe(before);
});

describe('a repeatable definition', () => {
  const names = (): Promise<readonly object[]> => query('SELECT * FROM ones');

  it('is applied after the migrations, again when it changed, and not otherwise', async () => {
    define('CREATE OR REPLACE VIEW ones AS SELECT id FROM one;');
    const first = await ask({ action: 'up' });
    expect(first.steps.map(({ title }) => title)).toEqual(['0001_one', 'repeatable/ones']);
    expect((await ask({ action: 'up' })).steps).toEqual([]);
    await query('INSERT INTO one VALUES (3)');
    define('CREATE OR REPLACE VIEW ones AS SELECT id, id * 2 AS twice FROM one;');
    expect((await ask({ action: 'up' })).steps.map(({ title }) => title)).toEqual(['repeatable/ones']);
    expect(await names()).toEqual([{ id: 3, twice: 6 }]);
  });

  it('that is broken leaves the one of before, and undoes the migrations of the same run', async () => {
    define('CREATE OR REPLACE VIEW ones AS SELECT id FROM one;');
    await ask({ action: 'up' });
    const before = await hash();
    write('0002_two', 'CREATE TABLE two (id int);', 'DROP TABLE two;');
    define('CREATE OR REPLACE VIEW ones AS SELECT nothing FROM one;');
    const report = await ask({ action: 'up' });
    expect(report).toMatchObject({ outcome: 'failed', version: 1 });
    expect(report.problems).toMatchObject([
      { code: 'sql-error', sqlstate: '42703', file: 'repeatable/ones.sql' },
    ]);
    expect(await names()).toEqual([]);
    expect(await hash()).toBe(before);
  });
});

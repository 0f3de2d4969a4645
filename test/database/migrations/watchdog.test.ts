import type { Client } from 'pg';
import { createMigrator } from '../../../lib/migrations/engine';
import { watch, type Watchdog } from '../../../lib/migrations/guards';
import type { MigrationSet } from '../../../lib/migrations/model';
import type { Connect } from '../../../lib/migrations/ports';
import { CLOCK, TestDatabases, type TestDatabase } from '../support/databases';
import { ACCESS } from '../support/server';

jest.setTimeout(60_000);

let databases: TestDatabases;
let database: TestDatabase;
let migrator: Client;
let watchdog: Watchdog;

beforeAll(async () => {
  databases = await TestDatabases.start();
});
beforeEach(async () => {
  database = await databases.fresh();
  migrator = await database.migrator();
  await migrator.query('CREATE TABLE t (id int, note text); GRANT ALL ON t TO telehealth_api');
  await migrator.query('CREATE TABLE other (id int); GRANT ALL ON other TO telehealth_api');
});
afterEach(() => databases.close());
afterAll(() => databases.remove());

const connect: Connect = (application) => database.as(ACCESS.migratorUser, application);

async function start(budgetMs: number, open: Connect = connect): Promise<void> {
  const { rows } = await migrator.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  watchdog = await watch({ connect: open, pid: rows[0]!.pid, budgetMs, pollMs: 10, clock: CLOCK });
}

/** Waits until so many sessions wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  const observer = await database.superuser();
  for (;;) {
    const { rowCount } = await observer.query('SELECT DISTINCT pid FROM pg_locks WHERE NOT granted');
    if (rowCount === count) return;
    await CLOCK.sleep(5);
  }
}

async function watchdogs(): Promise<number[]> {
  const { rows } = await (
    await database.superuser()
  ).query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%/watchdog'`);
  return rows.map(({ pid }) => pid);
}

test('a rewrite of a large table under load is cancelled, and the table is as before', async () => {
  await migrator.query("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 600000) n");
  const file = async (): Promise<unknown> =>
    (
      await migrator.query(`SELECT relfilenode, (SELECT atttypid::regtype FROM pg_attribute
      WHERE attrelid = 't'::regclass AND attname = 'id') AS type FROM pg_class WHERE oid = 't'::regclass`)
    ).rows;
  const before = await file();
  const apis = await Promise.all([1, 2, 3].map(() => database.api()));
  let loaded = true;
  const load = apis.map(async (api) => {
    while (loaded) await api.query('SELECT FROM t LIMIT 1');
  });
  await start(60);
  await expect(migrator.query('ALTER TABLE t ALTER id TYPE bigint')).rejects.toMatchObject({ code: '57014' });
  loaded = false;
  await Promise.all(load);
  const seen = await watchdog.stop();
  expect(seen).toMatchObject({ cancelled: true, lost: false });
  expect(seen.worstMs).toBeGreaterThan(60);
  await expect(file()).resolves.toEqual(before);
});

test('who waits less than the budget is measured and let be', async () => {
  await start(30_000);
  await migrator.query('BEGIN; LOCK t');
  const waiting = (await database.api()).query('SELECT FROM t');
  await untilWaiting(1);
  await CLOCK.sleep(60);
  await migrator.query('COMMIT');
  await waiting;
  const seen = await watchdog.stop();
  expect(seen.cancelled).toBe(false);
  expect(seen.worstMs).toBeGreaterThan(30);
});

test('what it saw is told once', async () => {
  await start(30_000);
  await migrator.query('BEGIN; LOCK t');
  const waiting = (await database.api()).query('SELECT FROM t');
  await untilWaiting(1);
  await CLOCK.sleep(60);
  await migrator.query('COMMIT');
  await waiting;
  await CLOCK.sleep(60);
  expect(watchdog.take().worstMs).toBeGreaterThan(30);
  expect(watchdog.take().worstMs).toBe(0);
  await watchdog.stop();
});

test('a queue behind a migration that only waits itself counts', async () => {
  const reader = await database.api();
  await reader.query('BEGIN; SELECT FROM t');
  await start(40);
  const migration = expect(migrator.query('ALTER TABLE t ADD more int')).rejects.toMatchObject({
    code: '57014',
  });
  await untilWaiting(1);
  const queued = (await database.api()).query('SELECT FROM t');
  await migration;
  await queued;
  await reader.query('COMMIT');
  await expect(watchdog.stop()).resolves.toMatchObject({ cancelled: true });
});

test('who waits for someone who waits for the migration counts', async () => {
  const [between, last] = [await database.api(), await database.api()];
  await migrator.query('INSERT INTO other VALUES (1)');
  await between.query('BEGIN; UPDATE other SET id = 2');
  await migrator.query('BEGIN; LOCK t');
  const blocked = between.query('SELECT FROM t');
  await untilWaiting(1);
  const behind = last.query('UPDATE other SET id = 3');
  await untilWaiting(2);
  await start(40);
  // Nothing of the migration runs that could be cancelled at first; then something does.
  await expect(migrator.query('SELECT pg_sleep(30)')).rejects.toMatchObject({ code: '57014' });
  await migrator.query('ROLLBACK');
  await blocked;
  await between.query('COMMIT');
  await behind;
  await expect(watchdog.stop()).resolves.toMatchObject({ cancelled: true });
});

test('a wait of before the migration began is not laid to its charge', async () => {
  const [holder, waiter] = [await database.api(), await database.api()];
  await holder.query('BEGIN; LOCK t');
  const waiting = waiter.query('SELECT FROM t');
  await untilWaiting(1);
  await CLOCK.sleep(100);
  await start(50);
  await migrator.query('SELECT pg_sleep(0.1)');
  const seen = await watchdog.stop();
  expect(seen).toMatchObject({ cancelled: false, worstMs: 0 });
  await holder.query('COMMIT');
  await waiting;
});

test('the runners themselves may wait', async () => {
  await start(20);
  await migrator.query('BEGIN; LOCK t');
  const waiting = (await database.migrator('telehealth-migrations/9')).query('SELECT FROM t');
  await untilWaiting(1);
  await migrator.query('SELECT pg_sleep(0.1)');
  await migrator.query('COMMIT');
  await waiting;
  await expect(watchdog.stop()).resolves.toEqual({ worstMs: 0, cancelled: false, lost: false });
});

test('each request of the application has a budget of its own', async () => {
  const api = await database.api();
  await start(600);
  for (let turn = 0; turn < 5; turn += 1) {
    await migrator.query('BEGIN; LOCK t');
    const waiting = api.query('SELECT FROM t');
    await migrator.query('SELECT pg_sleep(0.2)');
    await migrator.query('COMMIT');
    await waiting;
  }
  await expect(watchdog.stop()).resolves.toMatchObject({ cancelled: false });
});

test('cut off, it connects again and goes on', async () => {
  await start(40);
  const [pid] = await watchdogs();
  await (await database.superuser()).query('SELECT pg_terminate_backend($1)', [pid]);
  await migrator.query('BEGIN; LOCK t');
  const waiting = (await database.api()).query('SELECT FROM t');
  await expect(migrator.query('SELECT pg_sleep(30)')).rejects.toMatchObject({ code: '57014' });
  await migrator.query('ROLLBACK');
  await waiting;
  await expect(watchdog.stop()).resolves.toMatchObject({ cancelled: true, lost: false });
});

test('cut off for good, it says so, and still ends', async () => {
  let allowed = true;
  await start(40, (application) => (allowed ? connect(application) : Promise.reject(new Error('refused'))));
  allowed = false;
  const lost = new Promise((resolve) => watchdog.lost.addEventListener('abort', resolve));
  const [pid] = await watchdogs();
  await (await database.superuser()).query('SELECT pg_terminate_backend($1)', [pid]);
  await lost;
  await expect(watchdog.stop()).resolves.toMatchObject({ lost: true });
});

test('without its connection nothing is watched, and the caller hears of it', async () => {
  await expect(start(40, () => Promise.reject(new Error('too many connections')))).rejects.toThrow(
    /too many/,
  );
});

test('it leaves no connection', async () => {
  await start(40);
  await expect(watchdogs()).resolves.toHaveLength(1);
  await watchdog.stop();
  while ((await watchdogs()).length > 0) await CLOCK.sleep(5);
});

test('the engine stops in the middle of a statement when nobody watches any more', async () => {
  const script = (file: string, sql: string): MigrationSet['migrations'][number]['up'] => ({
    file,
    sha256: file,
    transaction: true,
    lockTimeoutMs: 100,
    statementTimeoutMs: 60_000,
    statements: [{ sql, line: 7, kind: 'SelectStmt', locks: [], destructive: false }],
  });
  const up = script('0001_long.up.sql', 'SELECT pg_sleep(60), $$the long one$$');
  const down = script('0001_long.down.sql', 'SELECT 1');
  const kind = { phase: 'expand', reversible: 'lossless', checks: { before: [], after: [] } } as const;
  let allowed = true;
  const migrator = createMigrator({
    set: { migrations: [{ id: 1, name: 'long', ...kind, up, down }], repeatables: [] },
    connect: (application) => (allowed ? connect(application) : Promise.reject(new Error('refused'))),
    clock: CLOCK,
    runner: { release: '2', commit: 'abc', actor: 'test' },
    queries: [],
    applicationPrefix: 'telehealth-api/',
  });
  const running = migrator.run({ action: 'up' });
  const superuser = await database.superuser();
  const sleeping = `SELECT FROM pg_stat_activity WHERE query LIKE '%the long one%' AND state = 'active' AND pid <> pg_backend_pid()`;
  while ((await superuser.query(sleeping)).rowCount === 0) await CLOCK.sleep(5);
  allowed = false;
  const [pid] = await watchdogs();
  await superuser.query('SELECT pg_terminate_backend($1)', [pid]);
  const { outcome, problems } = await running;
  expect(outcome).toBe('failed');
  expect(problems[0]).toMatchObject({ code: 'watchdog-lost', line: 7 });
  while ((await superuser.query(sleeping)).rowCount !== 0) await CLOCK.sleep(20);
});

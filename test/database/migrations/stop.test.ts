import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createMigrator } from '../../../lib/migrations/engine';
import { readMigrations } from '../../../lib/migrations/files';
import type { Report } from '../../../lib/migrations/report';
import { CLOCK, type TestDatabase, TestDatabases } from '../support/databases';

jest.setTimeout(60_000);

let databases: TestDatabases;
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  databases = await TestDatabases.start();
});
afterAll(() => databases.remove());
beforeEach(async () => {
  database = await databases.fresh();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
  write('0001_table', 'CREATE TABLE kept (id int);', 'DROP TABLE kept;');
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(title: string, up: string, down: string, header = ''): void {
  const head = `-- migrate: phase=expand reversible=lossless ${header}\n`;
  fs.writeFileSync(path.join(folder, `${title}.up.sql`), `${head}${up}\n`);
  fs.writeFileSync(path.join(folder, `${title}.down.sql`), `${down}\n`);
}

/** Goes up, and is told to stop as soon as the migration with this title sleeps. */
async function stoppedIn(title: string): Promise<Report> {
  const stop = new AbortController();
  const looker = await database.migrator();
  const migrator = createMigrator({
    set: await readMigrations(folder),
    connect: (application) => database.migrator(application),
    clock: CLOCK,
    runner: { release: '2', commit: 'abc', actor: 'test' },
    queries: [],
    applicationPrefix: 'telehealth-api/',
    signal: stop.signal,
  });
  const running = migrator.run({ action: 'up' });
  const sleeps = `SELECT count(*)::int AS sleeping FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`;
  for (;;) {
    const { rows } = await looker.query<{ sleeping: number }>(sleeps);
    if ((rows[0]?.sleeping ?? 0) > 0) break;
    await CLOCK.sleep(10);
  }
  stop.abort();
  const report = await running;
  expect(report).toMatchObject({
    outcome: 'continue',
    problems: [],
    steps: [{ title: '0001_table' }, { title }],
  });
  return report;
}

async function statusOf(): Promise<Report> {
  return createMigrator({
    set: await readMigrations(folder),
    connect: (application) => database.migrator(application),
    clock: CLOCK,
    runner: { release: '2', commit: 'abc', actor: 'test' },
    queries: [],
    applicationPrefix: 'telehealth-api/',
  }).run({ action: 'status' });
}

test('a run that is stopped takes the statement that runs back, keeps what is applied and frees the lock', async () => {
  write(
    '0002_slow',
    'CREATE TABLE gone (id int);\nSELECT pg_sleep(600);',
    'DROP TABLE gone;',
    'statement_timeout=10min',
  );
  const report = await stoppedIn('0002_slow');
  expect(report).toMatchObject({ version: 1, steps: [{ outcome: 'applied' }, { outcome: 'continue' }] });
  const { rows } = await (
    await database.migrator()
  ).query("SELECT to_regclass('kept') AS kept, to_regclass('gone') AS gone");
  expect(rows).toEqual([{ kept: 'kept', gone: null }]);
  const status = await statusOf();
  expect(status).toMatchObject({ outcome: 'done', migrations: [{ state: 'applied' }, { state: 'pending' }] });
  expect(status).not.toHaveProperty('lock');
});

test('a run step by step that is stopped goes on with the statement that did not end', async () => {
  write(
    '0002_steps',
    'CREATE TABLE stays (id int);\nSELECT pg_sleep(600);',
    'DROP TABLE stays;',
    'transaction=false statement_timeout=10min',
  );
  await stoppedIn('0002_steps');
  expect(await statusOf()).toMatchObject({
    version: 1,
    migrations: [{ state: 'applied' }, { steps: { done: 1, all: 2 } }],
  });
});

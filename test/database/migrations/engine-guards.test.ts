import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createMigrator, type MigratorOptions } from '../../../lib/migrations/engine';
import { readMigrations } from '../../../lib/migrations/files';
import type { DriftReport, Report, RunReport } from '../../../lib/migrations/report';
import type { Request } from '../../../lib/migrations/request';
import { ACCESS } from '../support/server';
import { CLOCK, type TestDatabase, TestDatabases } from '../support/databases';

jest.setTimeout(30_000);

const TABLE = 'CREATE TABLE one (id int); GRANT SELECT ON one TO telehealth_api;';
const BUILD = '-- migrate: transaction=false\nCREATE INDEX CONCURRENTLY one_id ON one (id);';
const UNBUILD = '-- migrate: transaction=false\nDROP INDEX CONCURRENTLY one_id;';
const QUERIES = [{ name: 'ids', sql: 'SELECT id FROM one' }];

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
  write('0001_one', TABLE, 'DROP TABLE one;');
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(title: string, up: string, down: string, header = 'phase=expand reversible=lossless'): void {
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
    queries: QUERIES,
    applicationPrefix: 'telehealth-api/',
    applicationRole: ACCESS.apiUser,
    ...options,
  });
  return (await migrator.run(request)) as R;
}

const codes = ({ problems }: Report): string[] => problems.map(({ code }) => code);

async function invalidIndexes(): Promise<number> {
  const { rowCount } = await (await database.migrator()).query('SELECT FROM pg_index WHERE NOT indisvalid');
  return rowCount ?? 0;
}

/** Waits until a session answers the question with a row. */
async function until(sql: string): Promise<Record<string, unknown>> {
  const client = await database.superuser();
  for (;;) {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    if (rows[0]) return rows[0];
    await CLOCK.sleep(10);
  }
}

const WAITING_BUILD = `SELECT pid FROM pg_stat_activity
  WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'`;

describe('the blue gate', () => {
  it('refuses a migration after which the API may no longer send a query of the serving release', async () => {
    await ask({ action: 'up' });
    write(
      '0002_revoke',
      'REVOKE SELECT ON one FROM telehealth_api;',
      'GRANT SELECT ON one TO telehealth_api;',
    );
    const report = await ask({ action: 'up' });
    expect(report.outcome).toBe('refused');
    expect(report.problems).toMatchObject([
      { code: 'breaks-serving-release', migration: '0002_revoke', sqlstate: '42501' },
    ]);
    const api = await database.api();
    await expect(api.query('SELECT id FROM one')).resolves.toMatchObject({ rowCount: 0 });
  });

  it('reports a query that was refused before, and goes on', async () => {
    await ask({ action: 'up' }, { queries: [...QUERIES, { name: 'lost', sql: 'SELECT FROM nowhere' }] });
    write('0002_two', 'CREATE TABLE two (id int);', 'DROP TABLE two;');
    const report = await ask({ action: 'up' });
    expect(report).toMatchObject({ outcome: 'done', version: 2 });
    expect(report.problems).toMatchObject([{ code: 'query-broken-before', sqlstate: '42P01' }]);
  });

  it('refuses a down that the serving release does not survive', async () => {
    write('0002_code', 'ALTER TABLE one ADD COLUMN code text;', 'ALTER TABLE one DROP COLUMN code;');
    await ask({ action: 'up' }, { queries: [{ name: 'codes', sql: 'SELECT code FROM one' }] });
    await database.api('telehealth-api/2');
    const report = await ask({ action: 'down', to: 1 });
    expect(report).toMatchObject({ outcome: 'refused', version: 2 });
    expect(report.problems).toMatchObject([{ code: 'breaks-serving-release', migration: '0002_code' }]);
  });

  it('gives the role that migrates nothing of what the API has', async () => {
    const { rows } = await (
      await database.migrator()
    ).query(
      "SELECT pg_has_role('telehealth_api', 'USAGE') AS inherits, pg_has_role('telehealth_api', 'SET') AS may",
    );
    expect(rows).toEqual([{ inherits: false, may: true }]);
  });
});

describe('a concurrent build', () => {
  it('that the application waits for is cancelled by its watchdog, and leaves no invalid index', async () => {
    await ask({ action: 'up' });
    write('0002_index', BUILD, UNBUILD);
    const owner = await database.migrator('somebody');
    await owner.query('BEGIN; INSERT INTO one VALUES (1)');
    const running = ask({ action: 'up' });
    await until(WAITING_BUILD);
    const waiter = await database.migrator('application');
    await waiter.query('BEGIN; LOCK TABLE one IN SHARE UPDATE EXCLUSIVE MODE');
    await waiter.query('ROLLBACK');
    await owner.query('ROLLBACK');
    const report = await running;
    expect(report).toMatchObject({ outcome: 'failed', version: 1 });
    expect(report.problems).toMatchObject([{ code: 'stalled', migration: '0002_index' }]);
    expect(await invalidIndexes()).toBe(0);
    expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 2, problems: [] });
  });

  it('whose session is ended from outside is said, cleaned up and built by the next run', async () => {
    await ask({ action: 'up' });
    write('0002_index', BUILD, UNBUILD);
    const owner = await database.migrator('somebody');
    await owner.query('BEGIN; INSERT INTO one VALUES (1)');
    const running = ask({ action: 'up' });
    const { pid } = await until(WAITING_BUILD);
    await (await database.superuser()).query('SELECT pg_terminate_backend($1)', [pid]);
    await owner.query('ROLLBACK');
    const report = await running;
    expect(report).toMatchObject({ outcome: 'failed', version: 1 });
    expect(report.problems).toMatchObject([{ code: 'build-ended', migration: '0002_index' }]);
    expect(await invalidIndexes()).toBe(0);
    expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'done', version: 2, problems: [] });
  });
});

describe('drift', () => {
  /** Stops a run once a migration has ended. */
  async function stopAfter(title: string): Promise<void> {
    const stop = new AbortController();
    const report = await ask(
      { action: 'up' },
      {
        signal: stop.signal,
        onEvent: (event) => event.kind === 'ended' && event.title === title && stop.abort(),
      },
    );
    expect(report.outcome).toBe('continue');
  }

  it('is found also after a run that did not end', async () => {
    write('0002_two', 'CREATE TABLE two (id int);', 'DROP TABLE two;');
    await stopAfter('0001_one');
    await (await database.migrator()).query('CREATE TABLE stranger ()');
    const report = await ask({ action: 'up' });
    expect(report.outcome).toBe('refused');
    expect(codes(report)).toEqual(['drift']);
    expect(report.problems[0]?.message).toContain('table public.stranger is new');
  });

  it('is said not to be known in the middle of a migration', async () => {
    await ask({ action: 'up' });
    write(
      '0002_steps',
      '-- migrate: transaction=false\nCREATE TABLE two (id int);\nSELECT 1 / (SELECT count(*) FROM one);',
      'DROP TABLE two;',
      'phase=expand reversible=lossy',
    );
    expect(await ask({ action: 'up' })).toMatchObject({ outcome: 'failed' });
    await (await database.migrator()).query('UPDATE migrate.snapshots SET stale = true');
    const drift = await ask<DriftReport>({ action: 'drift' });
    expect(drift.outcome).toBe('done');
    expect(codes(drift)).toEqual(['drift-unknown']);
  });
});

test('the plan that has to be approved is named with the way to approve it', async () => {
  write(
    '0002_gone',
    '-- approve: by=me ticket=DB-1 reason="test"\nDROP TABLE one;',
    '-- It is gone.',
    'phase=contract reversible=no',
  );
  await ask({ action: 'up' });
  const report = await ask({ action: 'up', phase: 'contract' });
  const plan = await ask<Report>({ action: 'plan', phase: 'contract' });
  expect(codes(report)).toEqual(['unapproved']);
  expect(report.problems[0]?.mend).toContain(`--approve ${plan.action === 'plan' ? plan.digest : ''}`);
});

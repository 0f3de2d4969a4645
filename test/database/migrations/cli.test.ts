import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ensureAuthority } from '../../../lib/local/authority';
import type { PlanReport } from '../../../lib/migrations/report';
import { reportSchema } from '../../../lib/migrations/report-schema';
import { ACCESS } from '../support/server';
import { CLOCK, type TestDatabase, TestDatabases } from '../support/databases';

jest.setTimeout(60_000);

const ROOT = path.resolve(__dirname, '../../..');
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
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command on the newest database, over verified TLS; `meanwhile` may do something to the process. */
async function migrate(args: readonly string[], meanwhile?: (pid: number) => Promise<void>): Promise<Ended> {
  const url = `postgresql://${ACCESS.migratorUser}@127.0.0.1:${databases.server.port}/${database.name}`;
  const ca = args.includes('--ca') ? [] : ['--ca', databases.server.caFile];
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/migrate.ts', ...args, ...ca], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: url },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  await meanwhile?.(child.pid!);
  return ended;
}

test('status, up, plan, an approval, down, drift and lock, each with its exit code and its report', async () => {
  expect(await migrate(['status'])).toMatchObject({ code: 0 });
  const up = await migrate(['up']);
  expect(up).toMatchObject({ code: 0 });
  expect(up.stdout).toMatch(/0001_baseline +up +applied/);
  const unapproved = await migrate(['up', '--phase', 'contract']);
  expect(unapproved).toMatchObject({ code: 2 });
  expect(unapproved.stdout).toContain('unapproved: ');
  const { stdout } = await migrate(['plan', '--phase', 'contract', '--json']);
  const { digest } = reportSchema.parse(JSON.parse(stdout)) as PlanReport;
  expect(await migrate(['up', '--phase', 'contract', '--approve', digest])).toMatchObject({ code: 0 });
  for (const action of ['status', 'drift', 'lock']) {
    const { code, stdout: json } = await migrate([action, '--json']);
    expect(code).toBe(0);
    expect(reportSchema.parse(JSON.parse(json))).toMatchObject({ action, outcome: 'done' });
  }
  const down = await migrate(['down', '--to', '0', '--allow-loss', '--json']);
  expect(down).toMatchObject({ code: 0 });
  expect(reportSchema.parse(JSON.parse(down.stdout))).toMatchObject({ action: 'down' });
  await (await database.migrator()).query('CREATE TABLE by_hand (id int)');
  const drift = await migrate(['drift']);
  expect(drift).toMatchObject({ code: 2 });
  expect(drift.stdout).toContain('by_hand');
});

test('Ctrl-C takes the statement that runs back, says so, and the same command goes on', async () => {
  const head = '-- migrate: phase=expand reversible=lossless statement_timeout=10min\n';
  fs.writeFileSync(
    path.join(folder, '0001_slow.up.sql'),
    `${head}CREATE TABLE gone (id int);\nSELECT pg_sleep(600);\n`,
  );
  fs.writeFileSync(path.join(folder, '0001_slow.down.sql'), 'DROP TABLE gone;\n');
  const looker = await database.migrator();
  const { code, stdout, stderr } = await migrate(['up', '--skip-lint', '--folder', folder], async (pid) => {
    const sleeps = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`;
    while ((await looker.query(sleeps)).rowCount === 0) await CLOCK.sleep(20);
    process.kill(pid, 'SIGINT');
  });
  expect(code).toBe(3);
  expect(stderr).toContain('Stopping: what runs is cancelled');
  expect(stderr).toContain('the same command goes on from there');
  expect(stdout).toContain('up: not finished, run it again');
  const { rows } = await looker.query("SELECT to_regclass('gone') AS gone");
  expect(rows).toEqual([{ gone: null }]);
});

test('a server that the given authority does not vouch for is not spoken to', async () => {
  const { caFile } = await ensureAuthority(path.join(folder, 'another'));
  const { code, stdout } = await migrate(['status', '--json', '--ca', caFile]);
  expect(code).toBe(1);
  expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({ problems: [{ code: 'no-connection' }] });
});

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApi } from '../../app/build';
import { ofLocal } from '../../bin/migrate/database';
import { foldersOf } from '../../lib/local/folders';
import { signIn } from '../../lib/identity/sign-in';
import { poolOf, readCredentials } from '../../lib/local/identity';
import { DEMO_PATIENT } from '../../lib/local/migrations/seed';
import { removePostgres } from '../../lib/local/postgres';
import { askApi } from '../../lib/local/run/ready';
import { start, type Started } from '../../lib/local/run/start';
import { Steps } from '../../lib/local/run/steps';
import { stop } from '../../lib/local/run/stop';
import { catalogueHash, takeSnapshot } from '../../lib/migrations/catalogue';
import { readMigrations } from '../../lib/migrations/files';
import type { RunReport, StatusReport } from '../../lib/migrations/report';
import { post } from './support/ask';
import { callTool } from './support/tool';

const ROOT = path.resolve(__dirname, '../..');
const SHIPPED = path.join(ROOT, 'migrations');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'telehealth-e2e-'));
const folders = foldersOf(dir);
const copy = path.join(dir, 'copy');
let started: Started;
let token: string;

jest.setTimeout(240_000);

beforeAll(async () => {
  // PostgreSQL runs as another account than root, which must be able to enter the folder.
  fs.chmodSync(dir, 0o755);
  started = await start({
    root: ROOT,
    folders,
    cacheDir: path.join(ROOT, '.cache'),
    buildApp: buildApi,
    steps: new Steps(() => undefined),
    hold: false,
  });
  const credentials = readCredentials(folders.demoUserFile);
  if (credentials === undefined) throw new Error('no demo user');
  token = (await signIn(poolOf(started.summary), credentials)).accessToken;
});

afterAll(async () => {
  await stop(folders, new Steps(() => undefined));
  await removePostgres({ dir: folders.postgres });
  fs.rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => {
  fs.rmSync(copy, { recursive: true, force: true });
  fs.cpSync(SHIPPED, copy, { recursive: true });
});

function next(name: string, up: string, down: string): void {
  fs.writeFileSync(path.join(copy, `0011_${name}.up.sql`), `${up}\n`);
  fs.writeFileSync(path.join(copy, `0011_${name}.down.sql`), `${down}\n`);
}

async function report<R>(...args: readonly string[]): Promise<R> {
  return JSON.parse((await callTool('migrate', dir, ...args, '--json').ended).stdout) as R;
}

async function hash(): Promise<string> {
  const client = await ofLocal(dir)('e2e');
  try {
    return catalogueHash(await takeSnapshot(client));
  } finally {
    await client.end();
  }
}

function ask(pathname: string): ReturnType<typeof askApi> {
  const { url, cloud } = started.summary;
  return askApi(`${url}${pathname}`, cloud.caFile, { authorization: `Bearer ${token}` });
}

test('status lists every shipped migration as applied, with nothing to complain of', async () => {
  const { migrations } = await readMigrations(SHIPPED);
  const status = await report<StatusReport>('status');
  expect(status).toMatchObject({ outcome: 'done', problems: [], version: migrations.at(-1)?.id });
  expect(status.migrations.map(({ title, state }) => `${title} ${state}`)).toEqual(
    migrations.map(({ id, name }) => `${String(id).padStart(4, '0')}_${name} applied`),
  );
  const { body } = await ask('/health/ready');
  expect(JSON.parse(body)).toMatchObject({ schemaVersion: status.version });
});

test('a visit is made and read through the load balancer', async () => {
  const me = JSON.parse((await ask('/v1/me')).body) as { readonly subject: string };
  const made = await post(`${started.summary.url}/v1/visits`, started.summary.cloud.caFile, token, {
    patientId: DEMO_PATIENT,
    clinicianId: me.subject,
    scheduledAt: '2031-01-01T10:00:00Z',
  });
  expect(made).toMatchObject({ status: 201, body: { patientId: DEMO_PATIENT } });
  const found = JSON.parse((await ask('/v1/visits')).body) as {
    readonly visits: readonly { readonly id: string }[];
  };
  expect(found.visits.map(({ id }) => id)).toContain((made.body as { readonly id: string }).id);
});

test('a bad migration is refused by the lint, with its line', async () => {
  next(
    'bad',
    '-- migrate: phase=expand reversible=lossless\n\nCREATE INDEX visits_bad ON visits (modality);',
    'DROP INDEX visits_bad;',
  );
  const { code, stdout } = await callTool('migrate', dir, 'up', '--folder', copy).ended;
  expect(code).toBe(2);
  expect(stdout).toMatch(/0011_bad\.up\.sql:3/);
  expect(stdout).toContain('index-not-concurrent');
});

test('past the lint, the watchdog stops one that the application waits for, and no request fails', async () => {
  const before = await hash();
  next(
    'stall',
    '-- migrate: phase=expand reversible=lossless\nLOCK TABLE visits;\nSELECT pg_sleep(20);\nCREATE TABLE stalled (id uuid);',
    'DROP TABLE stalled;',
  );
  const running = callTool('migrate', dir, 'up', '--folder', copy, '--skip-lint', '--json');
  const statuses = new Set<number>();
  while (running.process.exitCode === null) {
    statuses.add((await ask('/v1/visits')).status);
    await sleep(10);
  }
  const { code, stdout } = await running.ended;
  expect(code).toBe(1);
  const stopped = JSON.parse(stdout) as RunReport;
  expect(stopped.problems.map(({ code: is, file }) => `${is} ${file ?? ''}`)).toEqual([
    'stalled 0011_stall.up.sql',
  ]);
  expect([...statuses]).toEqual([200]);
  expect(await hash()).toBe(before);
});

test('killed -9 in the middle, the next run ends clean', async () => {
  const up = (seconds: number): string =>
    `-- migrate: phase=expand reversible=lossy\nCREATE TABLE slow (id uuid);\nSELECT pg_sleep(${seconds});`;
  next('slow', up(60), 'DROP TABLE slow;');
  const before = await hash();
  const running = callTool('migrate', dir, 'up', '--folder', copy, '--skip-lint');
  const client = await ofLocal(dir)('e2e');
  const asleep =
    "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND wait_event = 'PgSleep'";
  while ((await client.query(asleep)).rowCount === 0) await sleep(20);
  running.process.kill('SIGKILL');
  await running.ended;
  while ((await client.query(asleep)).rowCount !== 0) await sleep(20);
  await client.end();
  expect(await hash()).toBe(before);
  next('slow', up(0), 'DROP TABLE slow;');
  expect(await report<RunReport>('up', '--folder', copy, '--skip-lint')).toMatchObject({
    outcome: 'done',
    version: 11,
    problems: [],
  });
  const undone = await report<RunReport>('down', '--to', '10', '--allow-loss', '--folder', copy);
  expect(undone).toMatchObject({ outcome: 'done', version: 10 });
  expect(await hash()).toBe(before);
});

test('down to a version and up again leaves the same catalogue, and the API is ready on it', async () => {
  const before = await hash();
  expect(await report<RunReport>('down', '--to', '1', '--allow-loss')).toMatchObject({
    outcome: 'done',
    version: 1,
  });
  expect(await hash()).not.toBe(before);
  expect(await report<RunReport>('up')).toMatchObject({ outcome: 'done' });
  const { digest } = await report<{ readonly digest: string }>('plan', '--phase', 'contract');
  expect(await report<RunReport>('up', '--phase', 'contract', '--approve', digest)).toMatchObject({
    outcome: 'done',
    problems: [],
  });
  expect(await hash()).toBe(before);
  expect((await ask('/health/ready')).status).toBe(200);
});

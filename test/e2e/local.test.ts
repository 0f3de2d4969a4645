import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { DetachRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { buildApi } from '../../app/build';
import { clientOptions } from '../../lib/local/cloud';
import { foldersOf } from '../../lib/local/folders';
import { readCredentials, signIn } from '../../lib/local/identity';
import { postgresStatus, removePostgres } from '../../lib/local/postgres';
import { emulatorStatus } from '../../lib/local/emulator';
import { isRunning, mark, type ProcessMark } from '../../lib/local/processes';
import { askApi } from '../../lib/local/run/ready';
import { start, type Started } from '../../lib/local/run/start';
import { Steps } from '../../lib/local/run/steps';
import { stop } from '../../lib/local/run/stop';
import { reportOf, runningSupervisor, type Report } from '../../lib/local/supervisor';

const ROOT = path.resolve(__dirname, '../..');
const FAMILY = 'telehealth-local-api';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'telehealth-e2e-'));
const folders = foldersOf(dir);
const lines: string[] = [];
let started: Started;

jest.setTimeout(240_000);

beforeAll(async () => {
  // PostgreSQL runs as another account than root, which must be able to enter the folder.
  fs.chmodSync(dir, 0o755);
  started = await start({
    root: ROOT,
    folders,
    cacheDir: path.join(ROOT, '.cache'),
    buildApp: buildApi,
    steps: new Steps((line) => lines.push(line)),
  });
});

afterAll(async () => {
  await stop(folders, new Steps(() => undefined));
  await removePostgres({ dir: folders.postgres });
  fs.rmSync(dir, { recursive: true, force: true });
});

function ask(pathname: string, token?: string): ReturnType<typeof askApi> {
  const { url, cloud } = started.summary;
  return askApi(
    `${url}${pathname}`,
    cloud.caFile,
    token === undefined ? {} : { authorization: `Bearer ${token}` },
  );
}

async function report(): Promise<Report> {
  const control = runningSupervisor(folders.supervisor);
  if (control === undefined) throw new Error('the supervisor does not run');
  return reportOf(control);
}

async function until(what: string, test: (now: Report) => boolean, seconds = 60): Promise<Report> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const now = await report();
    if (test(now)) return now;
    if (Date.now() > end) throw new Error(`not ${what}: ${JSON.stringify(now.services, null, 2)}`);
    await sleep(200);
  }
}

function ecs(): ECSClient {
  return new ECSClient(clientOptions(started.summary.cloud));
}

/** The newest revision. */
async function newest(): Promise<TaskDefinition> {
  const { taskDefinition } = await ecs().send(new DescribeTaskDefinitionCommand({ taskDefinition: FAMILY }));
  if (taskDefinition === undefined) throw new Error('no task definition');
  return taskDefinition;
}

/** Registers a revision with changes to its container. */
async function revise(
  change: (container: NonNullable<TaskDefinition['containerDefinitions']>[number]) => object,
): Promise<void> {
  const present = await newest();
  const { family, containerDefinitions, executionRoleArn, taskRoleArn, networkMode, cpu, memory } = present;
  await ecs().send(
    new RegisterTaskDefinitionCommand({
      family,
      executionRoleArn,
      taskRoleArn,
      networkMode,
      cpu,
      memory,
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: (containerDefinitions ?? []).map((container) => ({
        ...container,
        ...change(container),
      })),
    }),
  );
}

async function token(): Promise<string> {
  const credentials = readCredentials(folders.demoUserFile);
  if (credentials === undefined) throw new Error('no demo user');
  return (await signIn(started.summary, credentials)).accessToken;
}

const steadyAt = (revision: number) => (now: Report) =>
  now.services.every(
    (service) =>
      service.revision === `${FAMILY}:${revision}` && service.healthy === 1 && service.tasks.length === 1,
  );

test('the API is ready through the load balancer, with the database reached', async () => {
  expect(JSON.parse(started.health)).toMatchObject({ status: 'ready', checks: { database: 'up' } });
  expect(await ask('/health/ready')).toMatchObject({ status: 200 });
});

test('a person signed in with password and one-time code is known to the API by role and organisation', async () => {
  const answer = await ask('/v1/me', await token());
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ role: 'DOCTOR', organisation: 'demo-clinic' });
});

test('no token, a tampered one and one that another pool might have signed are refused', async () => {
  const [header = '', payload = '', signature = ''] = (await token()).split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const refused = [
    undefined,
    [header, encode({ ...claims, role: 'ADMIN' }), signature].join('.'),
    [header, encode({ ...claims, exp: 1 }), signature].join('.'),
    [
      header,
      encode({ ...claims, iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Another' }),
      signature,
    ].join('.'),
  ];
  for (const bad of refused) expect((await ask('/v1/me', bad)).status).toBe(401);
});

test('a new revision takes over without a failed request', async () => {
  const before = await newest();
  const failed: number[] = [];
  let asked = 0;
  const enough = new AbortController();
  const traffic = (async () => {
    while (!enough.signal.aborted) {
      const { status } = await ask('/version').catch(() => ({ status: 0 }));
      asked += 1;
      if (status !== 200) failed.push(status);
      await sleep(20);
    }
  })();
  await revise(({ image = '', environment = [] }) => ({
    image: `${image.slice(0, image.lastIndexOf(':'))}:next`,
    environment: [...environment, { name: 'VERSION', value: '9.9.9' }],
  }));
  await until('at the new revision', steadyAt((before.revision ?? 0) + 1), 90);
  enough.abort();
  await traffic;
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  expect(JSON.parse((await ask('/version')).body)).toMatchObject({ version: '9.9.9' });
});

test('a killed API is started again', async () => {
  const pid = (await report()).services[0]?.tasks[0]?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  const now = await until('running again', ({ services }) =>
    services.every(({ healthy, tasks }) => healthy === 1 && tasks[0]?.pid !== pid),
  );
  expect(now.services[0]?.events.join('\n')).toContain('Essential container in task exited (SIGKILL)');
  expect((await ask('/health/ready')).status).toBe(200);
});

test('a permission that the execution role lacks stops the next task, and the running one stays', async () => {
  const { executionRoleArn = '', revision = 0 } = await newest();
  const iam = new IAMClient(clientOptions(started.summary.cloud));
  const RoleName = executionRoleArn.split('/').at(-1) ?? '';
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of AttachedPolicies)
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await revise(() => ({}));
  const now = await until(
    'failing',
    ({ services }) =>
      services[0]?.events.some((event) => event.includes('ResourceInitializationError')) === true,
  );
  expect(now.services[0]?.revision).toBe(`${FAMILY}:${revision + 1}`);
  expect((await ask('/health/ready')).status).toBe(200);
});

test('stop leaves no process', async () => {
  const now = await report();
  const database = postgresStatus({ dir: folders.postgres });
  const emulator = await emulatorStatus(folders.emulator, started.summary.cloud.caFile);
  const pids = [
    runningSupervisor(folders.supervisor)?.process.pid,
    emulator.pid,
    database.state === 'stopped' ? undefined : database.pid,
    ...now.services.flatMap(({ tasks }) => tasks.map(({ pid }) => pid)),
  ].filter((pid) => pid !== undefined);
  expect(pids.length).toBeGreaterThanOrEqual(4);
  const marks: ProcessMark[] = pids.map((pid) => mark(pid));
  await stop(folders, new Steps(() => undefined));
  expect(marks.filter((process) => isRunning(process))).toEqual([]);
});

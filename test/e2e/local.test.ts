import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { buildApi } from '../../app/build';
import { clientOptions } from '../../lib/local/cloud';
import { foldersOf } from '../../lib/local/folders';
import { signIn } from '../../lib/identity/sign-in';
import { poolOf, readCredentials, signUpAndSignIn } from '../../lib/local/identity';
import { postgresStatus, removePostgres } from '../../lib/local/postgres';
import { emulatorStatus } from '../../lib/local/emulator';
import { isRunning, mark, type ProcessMark } from '../../lib/local/processes';
import { diff } from '../../lib/local/run/diff';
import { askApi } from '../../lib/local/run/ready';
import { start, type Started } from '../../lib/local/run/start';
import { Steps } from '../../lib/local/run/steps';
import { stop } from '../../lib/local/run/stop';
import {
  callSupervisor,
  reportOf,
  runningSupervisor,
  type Control,
  type Report,
} from '../../lib/local/supervisor';
import { releasesOf } from './support/releases';
import { takePolicies } from './support/roles';
import { environmentOf, taskKeys } from './support/task';
import { callTool } from './support/tool';
import { foreignSignIn, poolKey, signedBy, tampered } from './support/tokens';

const ROOT = path.resolve(__dirname, '../..');
const FAMILY = 'telehealth-local-api';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'telehealth-e2e-'));
const folders = foldersOf(dir);
const lines: string[] = [];
let started: Started;

jest.setTimeout(240_000);

function bringUp(): Promise<Started> {
  return start({
    root: ROOT,
    folders,
    cacheDir: path.join(ROOT, '.cache'),
    buildApp: buildApi,
    steps: new Steps((line) => lines.push(line)),
    hold: false,
  });
}

beforeAll(async () => {
  // PostgreSQL runs as another account than root, which must be able to enter the folder.
  fs.chmodSync(dir, 0o755);
  started = await bringUp();
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

function supervisor(): Control {
  const control = runningSupervisor(folders.supervisor);
  if (control === undefined) throw new Error('the supervisor does not run');
  return control;
}

function report(): Promise<Report> {
  return reportOf(supervisor());
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

/** Registers a revision with changes to its container, and lets it take over as a start does. */
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
  await callSupervisor(supervisor(), 'adopt');
}

/** Asks on and on; the returned function ends it and tells how it went. */
function drive(): () => Promise<{ asked: number; failed: number[] }> {
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
  return async () => {
    enough.abort();
    await traffic;
    return { asked, failed };
  };
}

async function token(): Promise<string> {
  const credentials = readCredentials(folders.demoUserFile);
  if (credentials === undefined) throw new Error('no demo user');
  return (await signIn(poolOf(started.summary), credentials)).accessToken;
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

test('the smoke suite of a release passes from a terminal, as the synthetic person', async () => {
  const { code, stdout } = await callTool('smoke', dir, '--json').ended;
  const { passed, checks } = JSON.parse(stdout) as {
    passed: boolean;
    checks: { name: string; outcome: string }[];
  };
  expect({ code, passed }).toEqual({ code: 0, passed: true });
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual(
    ['health', 'version', 'signed-out', 'signed-in', 'visit'].map((name) => [name, 'passed']),
  );
});

test('the sources and what runs do not differ', async () => {
  expect(await diff(ROOT, folders)).toMatchObject({ same: true });
});

test('someone of a known domain signs up, proves the address, enrols and is known; others are refused', async () => {
  const auth = started.deployment.outputs['Local-Auth'];
  const open = {
    ...started.summary,
    webClientId: auth?.['WebClientId'] ?? '',
    postConfirmationFunction: auth?.['PostConfirmationFunction'] ?? '',
  };
  const password = 'Long-enough-and-1-more!';
  await expect(signUpAndSignIn(open, 'someone@foreign.example', password)).rejects.toThrow(
    'Sign-up is not open for this address',
  );
  const { credentials, tokens } = await signUpAndSignIn(open, 'new@clinic.example', password);
  const answer = await ask('/v1/me', tokens.accessToken);
  expect(JSON.parse(answer.body)).toMatchObject({ role: 'SUPPORT', organisation: 'demo-clinic' });
  await expect(signIn(poolOf(open), { ...credentials, password: `${password}x` })).rejects.toThrow(
    'Incorrect username or password',
  );
});

test('no token, a tampered one, an expired one and those of another pool are refused', async () => {
  const { userPoolId } = started.summary;
  const good = await token();
  const own = poolKey(folders.emulator, userPoolId);
  const foreign = await foreignSignIn(started.summary);
  const now = Math.floor(Date.now() / 1000);
  // What the pool's own key signs is accepted, so what is refused below is refused for its claims.
  expect((await ask('/v1/me', signedBy(own, good))).status).toBe(200);
  const refused: Record<string, string | undefined> = {
    'no token': undefined,
    'a role written in afterwards': tampered(good, { role: 'ADMIN' }),
    'a longer life written in afterwards': tampered(good, { exp: now + 86_400 }),
    'expired, properly signed': signedBy(own, good, { iat: now - 1800, exp: now - 900 }),
    'another app client, properly signed': signedBy(own, good, { client_id: 'another' }),
    'not an access token, properly signed': signedBy(own, good, { token_use: 'id' }),
    'of another pool, properly signed there': foreign.accessToken,
    'of this pool by its claims, signed by another': signedBy(
      poolKey(folders.emulator, foreign.userPoolId),
      good,
    ),
  };
  const answers = await Promise.all(
    Object.entries(refused).map(async ([why, bad]) => [why, (await ask('/v1/me', bad)).status] as const),
  );
  expect(answers).toEqual(Object.keys(refused).map((why) => [why, 401]));
});

test('the task calls AWS with its own role: it appends to the audit table, and no longer once that is taken away', async () => {
  const pid = (await report()).services[0]?.tasks[0]?.pid ?? 0;
  const environment = environmentOf(pid);
  expect(await taskKeys(environment, 'a guess')).toEqual({ status: 403 });
  const granted = await taskKeys(environment);
  if (!('keys' in granted)) throw new Error(`no keys for the task: ${granted.status}`);
  expect(granted.roleArn).toBe((await newest()).taskRoleArn);

  const { cloud } = started.summary;
  const root = new DynamoDBClient(clientOptions(cloud));
  const { TableNames = [] } = await root.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('AuditEvents'));
  const asTask = new DynamoDBClient(clientOptions(cloud, granted.keys));
  const Key = { eventId: { S: 'e2e' }, timestamp: { N: '1' } };
  const append = () => asTask.send(new PutItemCommand({ TableName, Item: Key }));
  await append();
  await expect(asTask.send(new DeleteItemCommand({ TableName, Key }))).rejects.toThrow(/not authorized/);
  const found = await root.send(new GetItemCommand({ TableName, Key }));
  expect(found.Item).toEqual(Key);

  const giveBack = await takePolicies(cloud, granted.roleArn);
  await expect(append()).rejects.toThrow(/not authorized/);
  await giveBack();
  await append();
});

test('a new revision takes over without a failed request', async () => {
  const before = await newest();
  const end = drive();
  await revise(({ image = '', environment = [] }) => ({
    image: `${image.slice(0, image.lastIndexOf(':'))}:next`,
    environment: [...environment, { name: 'VERSION', value: '9.9.9' }],
  }));
  await until('at the new revision', steadyAt((before.revision ?? 0) + 1), 90);
  const { asked, failed } = await end();
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  expect(JSON.parse((await ask('/version')).body)).toMatchObject({ version: '9.9.9' });
});

test('CodeDeploy moves the traffic to the other group and back, without a failed request', async () => {
  const codeDeploy = releasesOf(started.summary, folders);
  await codeDeploy.hasten(60);
  const end = drive();
  const groups = [await codeDeploy.primaryGroup()];
  for (let i = 0; i < 2; i += 1) {
    expect(await codeDeploy.deploy((await newest()).taskDefinitionArn ?? '')).toBe('Succeeded');
    groups.push(await codeDeploy.primaryGroup());
  }
  const { asked, failed } = await end();
  expect(groups[2]).toBe(groups[0]);
  expect(groups[1]).not.toBe(groups[0]);
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  await until('alone', ({ services }) => services.length === 1);
}, 120_000);

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
  await takePolicies(started.summary.cloud, executionRoleArn);
  await revise(() => ({}));
  const now = await until(
    'failing',
    ({ services }) =>
      services[0]?.events.some((event) => event.includes('ResourceInitializationError')) === true,
  );
  expect(now.services[0]?.revision).toBe(`${FAMILY}:${revision + 1}`);
  expect((await ask('/health/ready')).status).toBe(200);
});

test('after a kill -9 of everything the next start mends, and one beside it is refused', async () => {
  const emulator = await emulatorStatus(folders.emulator, started.summary.cloud.caFile);
  const database = postgresStatus({ dir: folders.postgres });
  const pids = [
    runningSupervisor(folders.supervisor)?.process.pid,
    emulator.pid,
    database.state === 'stopped' ? undefined : database.pid,
  ];
  for (const pid of pids) process.kill(pid ?? 0, 'SIGKILL');
  const again = bringUp();
  await expect(bringUp()).rejects.toThrow('Another command');
  started = await again;
  expect((await ask('/v1/me', await token())).status).toBe(200);
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

import * as path from 'node:path';
import type { Context } from 'aws-lambda';
import type { Report } from '../../../lib/migrations/report';
import type { Request } from '../../../lib/migrations/request';
import { handlerBundle } from '../../../lib/shared/handler-code';
import { outputOf } from '../../lambda/captured-output';
import { ACCESS, TestServer } from '../support/server';

jest.setTimeout(90_000);

type Handler = (event: unknown, context: Context) => Promise<Report>;
let database: TestServer;
let handler: Handler;

/** Calls the function as it is deployed: its bundle, with the migrations of the repository beside it. */
async function run(request: Request, remainingMs = 800_000, sliceSeconds?: number): Promise<Report> {
  const runner = { release: '0.1.0+abc', commit: 'abc', actor: 'test' };
  const context = {
    functionName: 'f',
    awsRequestId: 'r',
    getRemainingTimeInMillis: () => remainingMs,
  } as Context;
  return handler({ request, runner, ...(sliceSeconds !== undefined && { sliceSeconds }) }, context);
}

const sessions = () =>
  database.query(
    'telehealth_migrator',
    `SELECT application_name FROM pg_stat_activity
    WHERE usename = 'telehealth_migrator' AND pid <> pg_backend_pid()`,
  );

beforeAll(async () => {
  database = await TestServer.make();
  await database.start();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_SERVICE_NAME: 'run-migrations',
    POWERTOOLS_METRICS_NAMESPACE: 'Telehealth',
    DATABASE_REGION: 'us-east-1',
    DATABASE_HOST: 'localhost',
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: ACCESS.databaseName,
    DATABASE_USER: ACCESS.migratorUser,
    ENVIRONMENT: 'test',
    NODE_EXTRA_CA_CERTS: database.caFile,
  });
  ({ handler } = jest.requireActual<{ handler: Handler }>(
    path.join(handlerBundle('run-migrations'), 'index.js'),
  ));
});

afterAll(() => database.remove());

test('with too little time it says continue before it begins, and applies nothing', async () => {
  expect(await run({ action: 'up' }, 5_000)).toMatchObject({ outcome: 'continue', version: 0 });
  expect(await run({ action: 'up' }, 800_000, 1)).toMatchObject({ outcome: 'continue', version: 0 });
  expect(await sessions()).toEqual([]);
});

test('applies the migrations of the repository, tells it in logs and metrics, and ends its connections', async () => {
  let report: Report | undefined;
  const output = await outputOf(async () => {
    report = await run({ action: 'up' });
  });
  expect(report).toMatchObject({ action: 'up', outcome: 'done', problems: [] });
  expect(output).toContain('"outcome":"done"');
  const metric = output
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .at(-1);
  expect(metric).toMatchObject({ environment: 'test', service: 'run-migrations', MigrationsFailed: 0 });
  expect(metric).toHaveProperty('MigrationsDuration');
  expect(output).not.toMatch(/CREATE TABLE|ALTER TABLE/);
  expect(await sessions()).toEqual([]);
  expect(await run({ action: 'drift' })).toMatchObject({ outcome: 'done', differences: [] });
});

test('a database that it cannot reach is a failure in the report, with the metric that the alarm watches', async () => {
  await database.query('telehealth_admin', 'REVOKE rds_iam FROM telehealth_migrator, telehealth_api', {
    password: ACCESS.masterPassword,
  });
  let report: Report | undefined;
  const output = await outputOf(async () => {
    report = await run({ action: 'status' });
  });
  await database.query('telehealth_admin', 'GRANT rds_iam TO telehealth_migrator, telehealth_api', {
    password: ACCESS.masterPassword,
  });
  expect(report).toMatchObject({ outcome: 'failed' });
  // What has `follow` make the roles.
  expect(report?.problems.map(({ sqlstate }) => sqlstate)).toEqual([expect.stringMatching(/^28/)]);
  expect(output).toContain('"MigrationsFailed":1');
});

test('what it does not know is refused before it connects', async () => {
  const failure: unknown = await run({ action: 'drop' } as unknown as Request).catch((e: unknown) => e);
  expect(String(failure)).toMatch(/does not know what it is asked/);
});

test('the function that only looks tells the state, and is asked in vain to change it', async () => {
  process.env['ONLY_LOOKS'] = 'yes';
  let looking: Handler | undefined;
  jest.isolateModules(() => {
    ({ handler: looking } = jest.requireActual<{ handler: Handler }>(
      path.join(handlerBundle('run-migrations'), 'index.js'),
    ));
  });
  delete process.env['ONLY_LOOKS'];
  const handled = handler;
  handler = looking ?? handled;
  try {
    expect(await run({ action: 'status' })).toMatchObject({ action: 'status', outcome: 'done' });
    expect(await run({ action: 'compatible', release: 'unheard of' })).toMatchObject({
      ...{ action: 'compatible', outcome: 'refused' },
      problems: [expect.objectContaining({ code: 'release-unknown' })],
    });
    for (const request of [{ action: 'up' }, { action: 'down', to: 0 }, { action: 'repair' }] as Request[])
      await expect(run(request)).rejects.toThrow(/tells of migrations/);
  } finally {
    handler = handled;
  }
});

import type { Context } from 'aws-lambda';
import type { handler as Handler } from '../../../lambda/prepare-database/handler';
import { outputOf } from '../../lambda/captured-output';
import { AwsServer } from '../../support/aws-server';
import { ACCESS, TestServer } from '../support/server';

jest.setTimeout(60_000);

let database: TestServer;
let aws: AwsServer;
let secret: string;
let handler: typeof Handler;
const context = { functionName: 'f', awsRequestId: 'r' } as Context;

beforeAll(async () => {
  database = await TestServer.make();
  await database.start();
  aws = await AwsServer.start(() => ({ body: JSON.stringify({ SecretString: secret }) }));
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: aws.endpoint,
    POWERTOOLS_SERVICE_NAME: 'prepare-database',
    DATABASE_REGION: 'us-east-1',
    DATABASE_HOST: 'localhost',
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: ACCESS.databaseName,
    API_USER: 'made_api',
    MIGRATOR_USER: 'made_migrator',
    MASTER_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:333333333333:secret:rds!cluster-1',
    NODE_EXTRA_CA_CERTS: database.caFile,
  });
  ({ handler } = jest.requireActual<{ handler: typeof Handler }>('../../../lambda/prepare-database/handler'));
});

beforeEach(() => {
  secret = JSON.stringify({ username: ACCESS.masterUser, password: ACCESS.masterPassword });
  aws.calls.length = 0;
});

afterAll(async () => {
  await aws.stop();
  await database.remove();
});

test('makes the roles as the master user whose password RDS keeps, and leaves no session behind', async () => {
  let made: unknown;
  const output = await outputOf(async () => {
    made = await handler(undefined, context);
  });
  expect(made).toEqual({ created: ['made_api', 'made_migrator'], iam: true, rewriteGuard: true });
  expect(aws.calls.map(({ operation, body }) => [operation, JSON.parse(body) as unknown])).toEqual([
    ['GetSecretValue', { SecretId: process.env['MASTER_SECRET_ARN'] }],
  ]);
  expect(output).toContain('database prepared');
  expect(output).not.toContain(ACCESS.masterPassword);
  await expect(
    database.query('made_migrator', "SELECT FROM pg_stat_activity WHERE application_name ~ '^telehealth-'"),
  ).resolves.toEqual([]);
});

test.each([
  ['that is no JSON', 'hunter2'],
  ['without a password', '{"username":"hunter2"}'],
])('a secret %s is refused and not repeated', async (_what, text) => {
  secret = text;
  const failure: unknown = await handler(undefined, context).catch((error: unknown) => error);
  expect(String(failure)).toBe('Error: The master secret does not hold a user name and a password.');
});

test('a password that is no longer good is an error that does not repeat it', async () => {
  secret = JSON.stringify({ username: ACCESS.masterUser, password: 'hunter2' });
  const failure: unknown = await handler(undefined, context).catch((error: unknown) => error);
  expect(String(failure)).toMatch(/password authentication failed/);
  expect(JSON.stringify(failure)).not.toContain('hunter2');
});

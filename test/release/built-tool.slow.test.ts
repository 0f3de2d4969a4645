import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { DATA_OUTPUTS, VIEWER_OUTPUT } from '../../lib/migrations/remote/outputs';
import { releaseRecord } from '../../lib/release/records/model';
import { release } from '../../lib/release/release';
import { handlerBundle, ROLLBACK_TOOL } from '../../lib/shared/handler-code';
import type { AwsAnswer, AwsCall } from '../support/aws-server';
import { FakeAws, revision } from './support/fake-aws';

// The tool as a pipeline that goes back runs it: the bundle alone, with the variables of its project and its action.

const ROLE = 'arn:aws:iam::111122223333:role/telehealth-test';
const RUNNER = 'run-migrations';
const VIEWER = 'tell-migrations';
let dir: string;
let aws: FakeAws;
let problems: object[];
let time: NodeJS.Timeout;

beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'built-tool-'));
  // Apart from the repository: it has to run without its packages.
  fs.cpSync(handlerBundle(ROLLBACK_TOOL), dir, { recursive: true });
});
afterAll(() => fs.rmSync(dir, { recursive: true }));

beforeEach(async () => {
  problems = [];
  aws = new FakeAws();
  aws.fault = otherServices;
  await aws.start();
  await release({
    ...{ clients: aws.clients, clock: aws.clock, stack: 'Test-App', environment: 'test', by: 'pipeline' },
    ...{ progress: () => undefined, signal: new AbortController().signal },
  });
  aws.clock.pass(60_000);
  // The process has time of its own; what it waits for comes when the fake's passes.
  time = setInterval(() => aws.clock.pass(1_000), 20);
});
afterEach(async () => {
  clearInterval(time);
  await aws.stop();
  fs.rmSync(path.join(dir, 'release'), { recursive: true, force: true });
});

/** What a rollback speaks to beside the services of a release. */
function otherServices({ operation, body, line }: AwsCall): AwsAnswer | undefined {
  const xml = (inner: string): AwsAnswer => ({
    body: `<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`,
  });
  if (operation === 'AssumeRole')
    return xml(
      `<Credentials><AccessKeyId>taken</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials>`,
    );
  if (operation === 'GetCallerIdentity')
    return xml(`<Account>111122223333</Account><Arn>${ROLE}-rollback-caller</Arn><UserId>u</UserId>`);
  if (operation === 'DescribeStacks' && body.includes('StackName=Test-Data')) {
    const outputs = [...Object.values(DATA_OUTPUTS).map((key) => [key, RUNNER]), [VIEWER_OUTPUT, VIEWER]]
      .map(
        ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      )
      .join('');
    return xml(
      `<Stacks><member><StackName>Test-Data</StackName><Outputs>${outputs}</Outputs></member></Stacks>`,
    );
  }
  // The role that goes back may call no other.
  if (line.includes(`/functions/${VIEWER}/invocations`))
    return {
      body: JSON.stringify({
        ...{ schemaVersion: 1, action: 'compatible', problems, milliseconds: 5 },
        outcome: problems.length > 0 ? 'refused' : 'done',
      }),
    };
  return undefined;
}

/** Runs the tool as the action does. */
function goBack(more: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number; printed: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [path.join(dir, 'index.js')],
      {
        cwd: dir,
        env: {
          PATH: process.env['PATH'],
          AWS_ENDPOINT_URL: aws.server.endpoint,
          AWS_ACCESS_KEY_ID: 'build',
          AWS_SECRET_ACCESS_KEY: 'secret',
          ...{
            ACTION: 'rollback',
            ENVIRONMENT: 'test',
            REGION: 'us-east-1',
            EXECUTION: 'e-1',
            TO: 'previous',
          },
          ...{ ROLE_ARN: `${ROLE}-release-caller`, SCHEMA_ROLE_ARN: `${ROLE}-rollback-caller` },
          ...{ APP_STACK: 'Test-App', DATA_STACK: 'Test-Data' },
          ...more,
        },
      },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, printed: stdout + stderr }),
    );
  });
}
const outcome = () => fs.readFileSync(path.join(dir, 'release/outcome'), 'utf8');
const last = () => releaseRecord.parse(unmarshall(aws.records.at(-1) as never));
const taken = () =>
  aws.calls('AssumeRole').map(({ body }) => new URLSearchParams(body).get('RoleArn')?.replace(ROLE, ''));

test('brings up what was live before, and records it under the execution', async () => {
  const { code, printed } = await goBack();
  expect([code, printed]).toEqual([
    0,
    expect.stringContaining('rollback in test (us-east-1, e-1): succeeded'),
  ]);
  expect(outcome()).toBe('succeeded');
  expect(aws.live).toBe(revision(1));
  expect(last()).toMatchObject({ kind: 'rollback', outcome: 'succeeded', by: 'pipeline execution e-1' });
  expect(new Set(taken())).toEqual(new Set(['-release-caller', '-rollback-caller']));
});

test('stops what runs, as the release caller alone', async () => {
  aws.live = revision(1);
  aws.begin(revision(2), { hangsAt: 'AllowTraffic' });
  expect(await goBack()).toMatchObject({ code: 0 });
  expect(aws.calls('StopDeployment')).toHaveLength(1);
  expect(aws.live).toBe(revision(1));
  expect(new Set(taken())).toEqual(new Set(['-release-caller']));
});

test('refuses what the schema does not fit any more, with the reason, and changes nothing', async () => {
  problems = [{ code: 'query', message: 'The query olds is refused.', mend: 'Release anew.' }];
  const { code, printed } = await goBack();
  expect([code, printed]).toEqual([2, expect.stringContaining('The query olds is refused.')]);
  expect(outcome()).toBe('refused');
  expect(aws.live).toBe(revision(2));
});

test('goes to the task definition that the variable names, and to none that no good record names', async () => {
  aws.define(3, '3'.repeat(40), `sha256:${'d'.repeat(64)}`);
  expect(await goBack({ TO: 'telehealth-test-api:3' })).toMatchObject({ code: 2 });
  expect(aws.live).toBe(revision(2));
  expect(await goBack({ TO: 'telehealth-test-api:1' })).toMatchObject({ code: 0 });
  expect(aws.live).toBe(revision(1));
});

test.each([
  ['TO', '--help; id'],
  ['SCHEMA_ROLE_ARN', 'nobody'],
])('refuses a wrong %s by name and does not repeat it', async (name, value) => {
  const { code, printed } = await goBack({ [name]: value });
  expect([code, printed]).toEqual([2, expect.stringContaining(`missing or wrong: ${name}`)]);
  expect(printed).not.toContain(value);
  expect(aws.calls('AssumeRole')).toEqual([]);
});

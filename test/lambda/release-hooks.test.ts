import * as fs from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Context } from 'aws-lambda';
import { ensureAuthority } from '../../lib/local/authority';
import type { LambdaHandler } from '../../lambda/shared/telemetry';
import { type AwsAnswer, type AwsCall, AwsServer } from '../support/aws-server';
import { outputOf } from './captured-output';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const EVENT = { DeploymentId: 'd-ABCDEF123', LifecycleEventHookExecutionId: 'hook-1' };

const VISIT = 'c0ffee00-0000-4000-8000-000000000001';
const PERSON = { subject: 's', role: 'DOCTOR', organisation: 'synthetic-practice' };

interface Alarm {
  readonly AlarmName: string;
  readonly StateValue: string;
  readonly TreatMissingData: string;
  readonly Namespace: string;
}
const DATABASE: Alarm = {
  ...{ AlarmName: 'database-connections', Namespace: 'AWS/RDS' },
  ...{ StateValue: 'OK', TreatMissingData: 'notBreaching' },
};
const QUEUE: Alarm = { ...DATABASE, AlarmName: 'Test-Video-DeadLetters', Namespace: 'AWS/SQS' };
/** Alarms in one page of an answer. */
const PAGE = 2;

/** What the new version answers, by path. */
let answers: Record<string, { readonly status: number; readonly body: object } | 'never'>;
let description: string;
let alarms: readonly Alarm[];
/** What the sign-in function answers. */
let signIn: AwsAnswer;
let folder: string;
let aws: AwsServer;
let listener: https.Server;
let testTraffic: LambdaHandler<unknown, void>;
let beforeTraffic: LambdaHandler<unknown, void>;

interface AlarmQuery {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly NextToken?: string;
}

function describeAlarms({ AlarmNames, AlarmNamePrefix, NextToken = '0' }: AlarmQuery): object {
  const start = Number(NextToken);
  const asked = alarms.filter(({ AlarmName }) =>
    AlarmNamePrefix === undefined ? AlarmNames?.includes(AlarmName) : AlarmName.startsWith(AlarmNamePrefix),
  );
  return {
    MetricAlarms: asked.slice(start, start + PAGE),
    ...(asked.length > start + PAGE && { NextToken: String(start + PAGE) }),
  };
}

function awsAnswers({ operation, line, body }: AwsCall): AwsAnswer {
  if (line === 'POST /2015-03-31/functions/sign-in/invocations') return signIn;
  switch (operation) {
    case 'GetDeployment':
      return { body: JSON.stringify({ deploymentInfo: { deploymentId: EVENT.DeploymentId, description } }) };
    case 'PutLifecycleEventHookExecutionStatus':
      return { body: JSON.stringify({ lifecycleEventHookExecutionId: EVENT.LifecycleEventHookExecutionId }) };
    case 'DescribeAlarms':
      return { body: JSON.stringify(describeAlarms(JSON.parse(body) as AlarmQuery)) };
    case 'DescribeNetworkInterfaces':
      return { body: '<r><item><privateIpAddress>127.0.0.1</privateIpAddress></item></r>' };
    default:
      return {
        status: 400,
        body: JSON.stringify({ __type: 'UnknownOperationException', message: `${line} ${operation}` }),
      };
  }
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hooks-'));
  const authority = await ensureAuthority(folder);
  const { certFile, keyFile } = await authority.certificate('api', ['api.clinic.example']);
  listener = https.createServer(
    { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) },
    (request, response) => {
      const asked = `${request.method === 'POST' ? 'POST ' : ''}${(request.url ?? '').split('?')[0] ?? ''}`;
      const who = request.headers.authorization === 'Bearer t.o.k' ? ' as synthetic person' : '';
      const answer = answers[`${asked}${who}`];
      if (answer === 'never') return;
      response.writeHead(answer?.status ?? 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer?.body ?? {}));
    },
  );
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  aws = await AwsServer.start(awsAnswers);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_EC2: aws.endpoint,
    POWERTOOLS_METRICS_NAMESPACE: 'Telehealth',
    POWERTOOLS_SERVICE_NAME: 'try-version',
    LOAD_BALANCER: 'app/front/1234',
    LISTENER_PORT: String((listener.address() as AddressInfo).port),
    API_HOST: 'api.clinic.example',
    SIGN_IN_FUNCTION: 'sign-in',
    NODE_EXTRA_CA_CERTS: authority.caFile,
    ALARMS: 'database-connections,database-cpu',
    QUEUE_ALARMS: 'Test-Video-',
  });
  ({ handler: testTraffic } = jest.requireActual<{ handler: typeof testTraffic }>(
    '../../lambda/try-version/handler',
  ));
  ({ handler: beforeTraffic } = jest.requireActual<{ handler: typeof beforeTraffic }>(
    '../../lambda/check-before-traffic/handler',
  ));
});

afterAll(async () => {
  await aws.stop();
  listener.closeAllConnections();
  await new Promise((resolve) => listener.close(resolve));
  fs.rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  aws.calls.length = 0;
  description = `release of ${COMMIT} by test`;
  alarms = [DATABASE, { ...DATABASE, AlarmName: 'database-cpu' }, QUEUE];
  answers = {
    '/health/ready': { status: 200, body: { status: 'ready', schemaVersion: 10 } },
    '/version': { status: 200, body: { version: '1.0.0', commit: COMMIT } },
    '/v1/me': { status: 401, body: { title: 'Unauthorized' } },
    '/v1/me as synthetic person': { status: 200, body: PERSON },
    'POST /v1/visits as synthetic person': { status: 201, body: { id: VISIT } },
    '/v1/visits as synthetic person': { status: 200, body: { visits: [{ id: VISIT }] } },
    [`/v1/visits/${VISIT} as synthetic person`]: { status: 200, body: { id: VISIT } },
  };
  signIn = { body: JSON.stringify({ accessToken: 't.o.k' }) };
});

const contextOf = (milliseconds: number): Context =>
  ({ functionName: 'hook', awsRequestId: 'r', getRemainingTimeInMillis: () => milliseconds }) as Context;

/** What CodeDeploy was told, and what was logged. */
async function judged(
  hook: LambdaHandler<unknown, void>,
  milliseconds = 120_000,
): Promise<{ readonly status: unknown; readonly output: string }> {
  const output = await outputOf(() => hook(EVENT, contextOf(milliseconds)));
  const told = aws.calls.filter(({ operation }) => operation === 'PutLifecycleEventHookExecutionStatus');
  expect(told).toHaveLength(1);
  const { status, ...ids } = JSON.parse(told[0]?.body ?? '{}') as Record<string, unknown>;
  expect(ids).toEqual({ deploymentId: EVENT.DeploymentId, lifecycleEventHookExecutionId: 'hook-1' });
  return { status, output };
}

describe('at the test traffic', () => {
  test('a version that answers as it should passes, asked at an address in the VPC by the name of its certificate', async () => {
    expect(await judged(testTraffic)).toMatchObject({ status: 'Succeeded' });
    const asked = aws.calls.find(({ operation }) => operation === 'DescribeNetworkInterfaces')?.body;
    expect(new URLSearchParams(asked).get('Filter.1.Value.1')).toBe('ELB app/front/1234');
  });

  test.each([
    [
      'lets somebody in without a token',
      { '/v1/me': { status: 200, body: {} } },
      /signed-out: GET \/v1\/me answered 200/,
    ],
    ['fails', { '/v1/me': { status: 500, body: {} } }, /answered 500/],
    [
      'cannot write a visit',
      { 'POST /v1/visits as synthetic person': { status: 500, body: {} } },
      /visit: .*POST \/v1\/visits answered 500 where 201 or 409 was expected/,
    ],
  ])('a version that %s does not pass, and the log says why', async (_what, change, why) => {
    answers = { ...answers, ...change };
    const { status, output } = await judged(testTraffic);
    expect(status).toBe('Failed');
    expect(output).toMatch(why);
  });

  test('a version is not let pass while there is nobody to try it as, and the log says what to do', async () => {
    signIn = {
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: JSON.stringify({ errorType: 'NoSyntheticPersonError', errorMessage: 'There is no person yet.' }),
    };
    const { status, output } = await judged(testTraffic);
    expect(status).toBe('Failed');
    expect(output).toContain(
      'signed-in: The synthetic person could not be signed in: There is no person yet.',
    );
  });

  test('where the load balancer is not Amazon’s, the listener of the function’s port is asked', async () => {
    const { LISTENER_PORT: port = '' } = process.env;
    Object.assign(process.env, {
      ...{ LISTENER_PORT: '443', LISTENERS: `8443=localhost:1,443=localhost:${port}` },
    });
    try {
      expect(await judged(testTraffic)).toMatchObject({ status: 'Succeeded' });
      expect(aws.calls.map(({ operation }) => operation)).not.toContain('DescribeNetworkInterfaces');
    } finally {
      process.env['LISTENER_PORT'] = port;
      delete process.env['LISTENERS'];
    }
  });

  test('the log holds no token', async () => {
    expect((await judged(testTraffic)).output).not.toContain('t.o.k');
  });

  test('a version that does not answer fails before the time is up', async () => {
    answers = { ...answers, '/health/ready': 'never' };
    const { status, output } = await judged(testTraffic, 11_500);
    expect(status).toBe('Failed');
    expect(output).toContain('the check did not end within 2 s');
  });

  test('a deployment that somebody began by hand is not let pass: nobody knows which version is to answer', async () => {
    description = 'by hand';
    const { status, output } = await judged(testTraffic);
    expect(status).toBe('Failed');
    expect(output).toContain('UnknownDeploymentError');
  });
});

describe('before the public traffic', () => {
  test('a version that is ready on the schema passes while no alarm is on', async () => {
    expect(await judged(beforeTraffic)).toMatchObject({ status: 'Succeeded' });
  });

  test('an alarm without data that takes it as well is well: nothing is in its queue', async () => {
    alarms = alarms.map((alarm) => ({ ...alarm, StateValue: 'INSUFFICIENT_DATA' }));
    expect(await judged(beforeTraffic)).toMatchObject({ status: 'Succeeded' });
  });

  test('an alarm that watches no queue is not asked, though its name begins alike', async () => {
    alarms = [
      ...alarms,
      { ...QUEUE, AlarmName: 'Test-Video-Errors', Namespace: 'AWS/Lambda', StateValue: 'ALARM' },
    ];
    expect(await judged(beforeTraffic)).toMatchObject({ status: 'Succeeded' });
  });

  /** Changes an alarm. */
  const set = (index: number, more: Partial<Alarm>) => (): void => {
    alarms = alarms.map((alarm, at) => (at === index ? { ...alarm, ...more } : alarm));
  };

  test.each<[string, () => void, RegExp]>([
    [
      'an unknown schema',
      () =>
        (answers = {
          ...answers,
          '/health/ready': { status: 503, body: { status: 'unavailable', schemaVersion: 9 } },
        }),
      /not ready on schema 9 \(503\)/,
    ],
    [
      'an alarm of the database that is on',
      set(0, { StateValue: 'ALARM' }),
      /the alarm database-connections is on/,
    ],
    ['another alarm of the database', set(1, { StateValue: 'ALARM' }), /the alarm database-cpu is on/],
    [
      'an alarm that is gone',
      () => (alarms = alarms.slice(1)),
      /the alarm database-connections is not there/,
    ],
    [
      'a queue that holds dead letters',
      set(2, { StateValue: 'ALARM' }),
      /the alarm Test-Video-DeadLetters is on/,
    ],
    [
      'a queue that is told of on a later page',
      () => (alarms = [...alarms, QUEUE, { ...QUEUE, AlarmName: 'Test-Video-Late', StateValue: 'ALARM' }]),
      /the alarm Test-Video-Late is on/,
    ],
    ['no alarm of a queue', set(2, { Namespace: 'AWS/Lambda' }), /no alarm Test-Video-… watches a queue/],
    ...['missing', 'breaching', 'ignore'].map((TreatMissingData): [string, () => void, RegExp] => [
      `an alarm without data that takes it as ${TreatMissingData}`,
      set(0, { StateValue: 'INSUFFICIENT_DATA', TreatMissingData }),
      /the alarm database-connections has no data/,
    ]),
  ])('%s stops it, and the log says so', async (_what, change, why) => {
    change();
    const { status, output } = await judged(beforeTraffic);
    expect(status).toBe('Failed');
    expect(output).toMatch(why);
  });
});

test.each([
  ['try-version', 'SIGN_IN_FUNCTION', () => testTraffic],
  ['check-before-traffic', 'QUEUE_ALARMS', () => beforeTraffic],
])('%s reports that %s is not set: CodeDeploy would wait its hour', async (_what, variable, hook) => {
  const value = process.env[variable];
  process.env[variable] = '';
  try {
    const { status, output } = await judged(hook());
    expect(status).toBe('Failed');
    expect(output).toContain(`The function's environment is wrong: ${variable}: `);
  } finally {
    process.env[variable] = value;
  }
});

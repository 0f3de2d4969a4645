import { follow, type FollowOptions, StoppedFollowing } from '../../../lib/migrations/remote/run';
import type { Report } from '../../../lib/migrations/report';
import type { AwsAnswer, AwsServer } from '../../support/aws-server';
import { awsThatAnswers, BUSY, DEPLOYED, json, LOST, ran, status, step, TestClock } from './support';

let server: AwsServer | undefined;
const lines: string[] = [];
const clock = new TestClock();

afterEach(async () => {
  await server?.stop();
  lines.length = 0;
  clock.slept.length = 0;
});

/** Follows `up` against a function that gives these answers, in order. */
async function followed(answers: readonly AwsAnswer[], more: Partial<FollowOptions> = {}): Promise<Report> {
  const left = [...answers];
  const aws = await awsThatAnswers(() => left.shift() ?? { status: 500, body: '{"message":"nothing left"}' });
  server = aws.server;
  return follow(
    { action: 'up' },
    {
      clients: aws.clients,
      deployed: DEPLOYED,
      actor: 'arn:aws:iam::333333333333:user/on-call',
      clock,
      progress: (line) => lines.push(line),
      ...more,
    },
  );
}

/** What the functions were called with, in order. */
const calls = () =>
  server!.calls.map(({ line, body }) => [
    /functions\/([^/]+)\//.exec(line)?.[1],
    (JSON.parse(body) as { request?: { action: string } }).request?.action,
  ]);
const UP = [DEPLOYED.runner, 'up'];
const STATUS = [DEPLOYED.runner, 'status'];
const PREPARE = [DEPLOYED.preparer, undefined];

test('asks in slices, tells who asks, and joins what each slice did', async () => {
  const report = await followed([
    json(ran('continue', [step('0001_a', 'applied'), step('0002_b', 'continue', { rows: 500, stallMs: 4 })])),
    json(ran('continue', [step('0002_b', 'continue', { rows: 700, stallMs: 9 })])),
    json(ran('done', [step('0002_b', 'applied', { rows: 1, stallMs: 2 }), step('0003_c', 'applied')])),
  ]);
  expect(report).toEqual({
    ...ran('done', [
      step('0001_a', 'applied'),
      step('0002_b', 'applied', { rows: 1201, stallMs: 9, attempts: 3, milliseconds: 30 }),
      step('0003_c', 'applied'),
    ]),
    version: 2,
    milliseconds: 300,
  });
  expect(JSON.parse(server!.calls[0]!.body)).toEqual({
    request: { action: 'up' },
    runner: { release: '0.1.0+abc', commit: 'abc', actor: 'arn:aws:iam::333333333333:user/on-call' },
    sliceSeconds: 60,
  });
  expect(lines).toEqual([
    '0002_b goes on, 500 rows in this slice.',
    '0002_b goes on, 700 rows in this slice.',
  ]);
});

test('gives up on a runner that goes on for ever and does nothing', async () => {
  const idle = Array.from({ length: 30 }, () => json(ran('continue', [step('0001_a', 'continue')])));
  await expect(followed(idle)).rejects.toThrow(
    'The runner said 21 times that it goes on, and did nothing. Nothing is lost',
  );
  expect(calls()).toHaveLength(21);
});

test('waits while another run holds the only copy, and says so once', async () => {
  const report = await followed([BUSY, BUSY, BUSY, json(ran('done', []))]);
  expect(report.outcome).toBe('done');
  expect(lines).toEqual([
    'Another run holds the runner; waiting until its slice ends. The log of run-migrations says whose it is.',
  ]);
  expect(clock.slept).toEqual([3000, 3000, 3000]);
});

test('does not wait for ever', async () => {
  await expect(followed(Array.from({ length: 1000 }, () => BUSY))).rejects.toThrow(/busy.* for 20 minutes/);
});

test('after a lost connection it asks how it went, waits for the end, and goes on', async () => {
  const report = await followed([
    json(ran('continue', [step('0001_a', 'applied')])),
    LOST,
    BUSY,
    json(status()),
    json(ran('done', [step('0003_c', 'applied')])),
  ]);
  expect(calls()).toEqual([UP, UP, STATUS, STATUS, UP]);
  expect(report).toMatchObject({ outcome: 'done', steps: [{ title: '0001_a' }, { title: '0003_c' }] });
  expect(lines[1]).toMatch(/^The connection was lost \(.*(aborted|hang up|ECONNRESET)/);
});

test('a server’s own error tells as little as a lost connection, and is treated as one', async () => {
  await followed([{ status: 503, body: '{}' }, json(status()), json(ran('done', []))]);
  expect(calls()).toEqual([UP, STATUS, UP]);
});

test('a migration that failed while nobody listened is not tried again unasked', async () => {
  const failed = {
    title: '0002_b',
    phase: 'expand',
    reversible: 'lossless',
    state: 'failed',
    words: 'failed after 3 tries for a lock',
  } as const;
  const report = await followed([LOST, json(status(failed))]);
  expect(calls()).toEqual([UP, STATUS]);
  expect(report).toMatchObject({
    outcome: 'failed',
    problems: [{ code: 'failed-unseen', migration: '0002_b', message: /3 tries for a lock/ }],
  });
});

test('when the runner may not sign in, the roles are made, once', async () => {
  const refused = (sqlstate: string) =>
    json(ran('failed', [], [{ code: 'connection', message: 'refused', mend: 'x', sqlstate }]));
  await followed([refused('28000'), json({ created: ['telehealth_migrator'] }), json(ran('done', []))]);
  expect(calls()).toEqual([UP, PREPARE, UP]);
  await server!.stop();

  const report = await followed([refused('28P01'), json({ created: [] }), refused('28P01')]);
  expect(calls()).toEqual([UP, PREPARE, UP]);
  expect(report.outcome).toBe('failed');
  await server!.stop();

  await followed([refused('53300')]);
  expect(calls()).toEqual([UP]);
});

test('what the function throws, and what it may not be asked, ends it with the reason', async () => {
  await expect(
    followed([
      {
        headers: { 'x-amz-function-error': 'Unhandled' },
        body: JSON.stringify({ errorType: 'EnvironmentError', errorMessage: 'DATABASE_HOST: missing' }),
      },
    ]),
  ).rejects.toThrow('run-migrations failed: EnvironmentError: DATABASE_HOST: missing');
  await server!.stop();
  await expect(
    followed([
      {
        status: 403,
        headers: { 'x-amzn-errortype': 'AccessDeniedException' },
        body: '{"message":"not authorized to perform: lambda:InvokeFunction"}',
      },
    ]),
  ).rejects.toThrow(/not authorized/);
  expect(calls()).toEqual([UP]);
  await server!.stop();
  await expect(followed([json({ hello: 'world' })])).rejects.toThrow(
    /a form that this version does not know/,
  );
});

test('Ctrl-C while a slice runs leaves the slice to its end and says so', async () => {
  const stop = new AbortController();
  const answer = (): Promise<AwsAnswer> => {
    stop.abort();
    return new Promise(() => undefined);
  };
  const aws = await awsThatAnswers(answer);
  server = aws.server;
  const options = { clients: aws.clients, deployed: DEPLOYED, actor: 'a', clock, progress: () => undefined };
  const failure: unknown = await follow(
    { action: 'up' },
    { ...options, signal: stop.signal, sliceSeconds: 30 },
  ).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StoppedFollowing);
  expect(String(failure)).toMatch(/at most 30 s.*the same command goes on from there/);
  expect(calls()).toEqual([UP]);
});

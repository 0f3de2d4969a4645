import * as fc from 'fast-check';
import { pauseAfter, persist } from '../../lib/release/aws/persist';
import { release } from '../../lib/release/release';
import { StillClock } from './support/clock';
import { error, FakeAws, revision } from './support/fake-aws';
import type { Plan } from './support/fake-deployment';

// What comes between a release and AWS: throttling, broken services, cut connections, in any order.

const FAULTS = {
  throttled: () => error('ThrottlingException', 'Rate exceeded'),
  tooMany: () => error('TooManyRequestsException', 'slow down', 429),
  broken: () => error('InternalFailure', 'try later', 500),
  unavailable: () => ({ status: 503, body: '' }),
  cut: () => ({ body: '', cut: true }),
} as const;

const WATCHED = new Set([
  'CreateDeployment',
  'GetDeployment',
  'ListDeployments',
  'ListDeploymentTargets',
  'BatchGetDeploymentTargets',
  'StopDeployment',
  'GetDeploymentGroup',
  'GetDeploymentConfig',
  'DescribeServices',
  'DescribeTaskDefinition',
]);

const plan = fc.constantFrom<Plan>(
  {},
  { alarmAt: 13_500 },
  { alarmAt: 13_500, wayBack: 'listed-only' },
  { alarmAt: 13_500, wayBack: 'told-late' },
  { failsAt: { event: 'AfterAllowTestTraffic', message: 'no' } },
  { runningStatus: 'Queued' },
);
const fault = fc.constantFrom(...(Object.keys(FAULTS) as (keyof typeof FAULTS)[]));
/** For each call, the fault that it meets or none; calm after the last. */
const weather = fc.array(fc.option(fault, { freq: 2, nil: undefined }), { maxLength: 60 });

const run = (aws: FakeAws, signal = new AbortController().signal, lines: string[] = []) =>
  release({
    ...{ clients: aws.clients, clock: aws.clock, signal, stack: 'Test-App', environment: 'test', by: 'p' },
    progress: (line) => void lines.push(line),
  });

test('in any weather one deployment is made, it is followed to its end, and the traffic is where the result says', async () => {
  await fc.assert(
    fc.asyncProperty(
      plan,
      weather,
      fc.option(fc.nat(25), { nil: undefined }),
      async (what, faults, stopAt) => {
        const aws = new FakeAws();
        await aws.start();
        try {
          aws.plans = [what];
          const left = [...faults];
          aws.fault = ({ operation }) => {
            if (!WATCHED.has(operation)) return undefined;
            const next = left.shift();
            return next && FAULTS[next]();
          };
          const stop = new AbortController();
          if (stopAt !== undefined) aws.clock.at(stopAt * 1_000, () => stop.abort());
          const { outcome } = await run(aws, stop.signal);
          const made = aws.deployments.filter(({ takesBack }) => !takesBack);
          expect(made.length).toBeLessThanOrEqual(1);
          for (const deployment of aws.deployments) expect(deployment.over(aws.clock.now())).toBeDefined();
          expect(aws.live).toBe(revision(outcome === 'succeeded' || outcome === 'already-live' ? 2 : 1));
          if (stopAt === undefined && made.length > 0) expect(outcome).not.toBe('interrupted');
          expect(aws.records.length).toBe(made.length);
        } finally {
          await aws.stop();
        }
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('a connection that is lost for ten minutes is told of once, and the deployment is followed on', async () => {
  const aws = new FakeAws();
  await aws.start();
  aws.plans = [{ bakeMs: 1_200_000 }];
  const lines: string[] = [];
  aws.fault = ({ operation }) => {
    const now = aws.clock.now();
    return operation === 'GetDeployment' && now > 20_000 && now < 620_000
      ? { body: '', cut: true }
      : undefined;
  };
  aws.clock.at(625_000, () => (aws.clock.pace = 20));
  expect((await run(aws, undefined, lines)).outcome).toBe('succeeded');
  expect(lines.filter((line) => line.includes('CodeDeploy does not answer'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('CodeDeploy answers again'))).toHaveLength(1);
  await aws.stop();
});

test('an answer that says no while it is followed is not the end of watching: it is taken back', async () => {
  const aws = new FakeAws();
  await aws.start();
  aws.plans = [{ bakeMs: 60_000 }];
  let said = false;
  aws.fault = ({ operation }) => {
    if (said || operation !== 'GetDeployment' || aws.clock.now() < 20_000) return undefined;
    said = true;
    return error('AccessDeniedException', 'not any more');
  };
  const result = await run(aws);
  expect(result.outcome).toBe('interrupted');
  expect(result.record?.cause).toContain('AccessDeniedException');
  expect(aws.live).toBe(revision(1));
  await aws.stop();
});

test('what is over and cannot be told to the table, the bus or the metrics is over nevertheless', async () => {
  const aws = new FakeAws();
  await aws.start();
  const lines: string[] = [];
  aws.fault = ({ operation }) =>
    ['PutItem', 'PutEvents', 'PutMetricData'].includes(operation)
      ? error('AccessDeniedException', `no ${operation}`)
      : undefined;
  expect((await run(aws, undefined, lines)).outcome).toBe('succeeded');
  for (const operation of ['PutItem', 'PutEvents', 'PutMetricData'])
    expect(lines.join('\n')).toContain(`no ${operation}`);
  await aws.stop();
});

test('pauses grow to fifteen seconds, half of each left to chance', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (tries, chance) => {
      const pause = pauseAfter(tries, chance);
      const whole = Math.min(15_000, 500 * 2 ** tries);
      expect(pause).toBeGreaterThanOrEqual(whole / 2);
      expect(pause).toBeLessThanOrEqual(whole);
    }),
  );
});

test('patience ends, and a no is no at once', async () => {
  const clock = new StillClock();
  const throttled = Object.assign(new Error('slow'), { name: 'ThrottlingException' });
  const patience = { clock, progress: () => undefined, forMs: 60_000 };
  await expect(persist('It', () => Promise.reject(throttled), patience)).rejects.toBe(throttled);
  expect(clock.now()).toBeGreaterThanOrEqual(60_000);
  expect(clock.now()).toBeLessThan(80_000);
  const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const before = clock.waits.length;
  await expect(persist('It', () => Promise.reject(refused), patience)).rejects.toBe(refused);
  expect(clock.waits).toHaveLength(before);
});

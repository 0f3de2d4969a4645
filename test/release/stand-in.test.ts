import { releaseClients } from '../../lib/release/aws/clients';
import type { Clock } from '../../lib/release/ports';
import { release } from '../../lib/release/release';
import { rollback } from '../../lib/release/rollback';
import { type Switches, switchesSchema } from '../../lib/local/codedeploy/switches';
import { Bench } from '../local/codedeploy/support/bench';
import { definition, groupOf } from '../local/codedeploy/support/fakes';
import { FakeAws, revision } from './support/fake-aws';

// The release against the stand-in that was written from CodeDeploy's documentation and knows nothing of the release: it has
// to come out right whatever the documentation leaves open.

jest.setTimeout(20_000);

let aws: FakeAws;
let bench: Bench;
let lines: string[];
let hook: 'Succeeded' | 'Failed' | 'silent';

beforeEach(async () => {
  bench = new Bench();
  // Shorter than AWS's own, since every second of it is looked at.
  bench.estate.ownConfigs.push({
    deploymentConfigName: 'CanaryOfAMinute',
    deploymentConfigId: 'c-1',
    computePlatform: 'ECS',
    trafficRoutingConfig: {
      type: 'TimeBasedCanary',
      timeBasedCanary: { canaryPercentage: 10, canaryInterval: 1 },
    },
  });
  bench.estate.group = groupOf({
    deploymentConfigName: 'CanaryOfAMinute',
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT', waitTimeInMinutes: 0 },
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 1 },
    },
  });
  hook = 'Succeeded';
  bench.estate.onInvoke = async () => {
    if (hook !== 'silent') await bench.report(hook);
    return {};
  };
  await bench.open();
  aws = new FakeAws();
  await aws.start();
  process.env.AWS_ENDPOINT_URL_CODEDEPLOY = bench.endpoint;
  aws.clients = releaseClients({
    region: 'us-east-1',
    credentials: () => Promise.resolve({ accessKeyId: '000000000000', secretAccessKey: 'secret' }),
  });
  Object.assign(aws, { application: 'api', group: 'live', wanted: definition(2) });
  for (const number of [1, 2])
    aws.definitions.set(definition(number), {
      ...aws.definitions.get(revision(number)),
      taskDefinitionArn: definition(number),
    });
  aws.fault = () => {
    aws.live = primary();
    return undefined;
  };
  lines = [];
});
afterEach(async () => {
  delete process.env.AWS_ENDPOINT_URL_CODEDEPLOY;
  await aws.stop();
  await bench.close();
  bench.erase();
});

const primary = () => bench.estate.sets.find(({ status }) => status === 'PRIMARY')!.taskDefinition;
/** Shares of each group, in every listener. */
const shares = () =>
  [...bench.estate.shares.values()].flatMap((rules) =>
    rules.map((rule) =>
      rule
        .filter(({ weight }) => weight > 0)
        .map(({ group }) => group)
        .join(),
    ),
  );

/** The stand-in's time, which passes only while the release waits. */
const clock = (onSecond: (seconds: number) => void = () => undefined): Clock => {
  let seconds = 0;
  return {
    now: () => bench.clock.now(),
    date: () => new Date(bench.clock.now()),
    sleep: async (milliseconds, signal) => {
      if (signal?.aborted) return;
      seconds += milliseconds / 1_000;
      await bench.clock.pass(milliseconds / 1_000);
      onSecond(seconds);
    },
    random: () => 0.5,
  };
};
const common = (time: Clock, signal = new AbortController().signal) => ({
  ...{ clients: aws.clients, clock: time, signal, stack: 'Test-App', environment: 'test', by: 'pipeline' },
  progress: (line: string) => void lines.push(line),
});
const run = (onSecond?: (seconds: number) => void, stop?: AbortSignal) =>
  release(common(clock(onSecond), stop));
const stopAt = (second: number) => {
  const stop = new AbortController();
  return [(seconds: number) => seconds >= second && stop.abort(), stop.signal] as const;
};

const SETTINGS: readonly Partial<Switches>[] = [
  {},
  { terminationWaitStatus: 'Baking' },
  { primarySwitch: 'start-of-shift' },
  { stopDuringHook: 'after-report' },
  { replacementAfterRollback: 'kept' },
  { rollbackEvents: 'all' },
  { rollbackSeconds: 0 },
  { listenerLeft: 'single', createdSeconds: 0 },
  { createdSeconds: 5 },
];

describe.each(SETTINGS)('under %j', (settings) => {
  beforeEach(() => {
    bench.switches = switchesSchema.parse(settings);
  });

  test('a sound version takes the traffic, and is live the second time', async () => {
    expect(await run()).toMatchObject({ outcome: 'succeeded' });
    expect(primary()).toBe(definition(2));
    expect(shares()).toEqual(['two', 'two']);
    expect(lines.join('\n')).toContain('traffic: 10 % new, 90 % old');
    expect(await run()).toMatchObject({ outcome: 'already-live' });
  });

  test('a version that its hook refuses is taken back', async () => {
    hook = 'Failed';
    expect(await run()).toMatchObject({ outcome: 'rolled-back' });
    expect(primary()).toBe(definition(1));
    expect(shares()).toEqual(['one', 'one']);
  });

  test('an alarm while a tenth of the traffic is on it takes it back', async () => {
    const result = await run((seconds) => seconds >= 30 && bench.estate.alarmStates.set('errors', 'ALARM'));
    expect(result).toMatchObject({ outcome: 'rolled-back' });
    expect(result.record?.cause).toContain('ALARM_ACTIVE');
    expect(primary()).toBe(definition(1));
    expect(shares()).toEqual(['one', 'one']);
  });

  test.each([30, 80])('stopped after %i s it goes back', async (second) => {
    expect(await run(...stopAt(second))).toMatchObject({ outcome: 'interrupted' });
    expect(primary()).toBe(definition(1));
    expect(shares()).toEqual(['one', 'one']);
  });
});

test('killed in the middle of the shift and run again, it follows its own deployment', async () => {
  const asleep = new Promise<never>(() => undefined);
  let killed: () => void = () => undefined;
  const kill = new Promise<void>((resolve) => (killed = resolve));
  const dying = clock();
  let seconds = 0;
  void release(
    common({
      ...dying,
      sleep: (milliseconds, signal) => {
        seconds += milliseconds / 1_000;
        if (seconds < 30) return dying.sleep(milliseconds, signal);
        killed();
        return asleep;
      },
    }),
  );
  await kill;
  expect(await run()).toMatchObject({ outcome: 'succeeded' });
  expect(lines.join('\n')).toContain('runs already; following it');
  expect(await bench.list()).toHaveLength(1);
  expect(primary()).toBe(definition(2));
});

test('blue, green and blue again: the colours swap and each release is its own deployment', async () => {
  await run();
  Object.assign(aws, { wanted: definition(1) });
  expect(await run()).toMatchObject({ outcome: 'succeeded' });
  expect(shares()).toEqual(['one', 'one']);
  expect(await bench.list()).toHaveLength(2);
});

test('a rollback ordered while the old version is kept stops the deployment', async () => {
  let back: ReturnType<typeof rollback> | undefined;
  const compatibility = () => Promise.reject(new Error('nothing is asked while the old version stands'));
  const ordered = (seconds: number) => {
    if (seconds < 80 || back) return;
    // Its own time stands: the one that follows passes it.
    back = rollback({
      ...common({ ...clock(), sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) }),
      compatibility,
    });
  };
  expect(await run(ordered)).toMatchObject({ outcome: 'rolled-back' });
  expect(await back).toMatchObject({ outcome: 'succeeded' });
  expect(primary()).toBe(definition(1));
  expect(shares()).toEqual(['one', 'one']);
});

test('a rollback after that brings the old version up again through a deployment of its own', async () => {
  await run();
  const result = await rollback({ ...common(clock()), compatibility: () => Promise.resolve([]) });
  expect(result).toMatchObject({ outcome: 'succeeded', record: { kind: 'rollback' } });
  expect(primary()).toBe(definition(1));
  expect(shares()).toEqual(['one', 'one']);
});

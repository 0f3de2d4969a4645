import { releaseClients } from '../../lib/release/aws/clients';
import type { Clock } from '../../lib/release/ports';
import { release } from '../../lib/release/release';
import { rollback } from '../../lib/release/rollback';
import type { Routing } from '../../lib/local/codedeploy/model/catalogue';
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
let hook: 'Succeeded' | 'Failed' | 'crashed';

beforeEach(async () => {
  bench = new Bench();
  // Shorter than AWS's own, since every second of it is looked at.
  const own = (deploymentConfigName: string, trafficRoutingConfig: Routing): void =>
    void bench.estate.ownConfigs.push({
      ...{ deploymentConfigName, deploymentConfigId: deploymentConfigName, computePlatform: 'ECS' },
      trafficRoutingConfig,
    });
  own('CanaryOfAMinute', {
    type: 'TimeBasedCanary',
    timeBasedCanary: { canaryPercentage: 10, canaryInterval: 1 },
  });
  own('HalvesOfAMinute', {
    type: 'TimeBasedLinear',
    timeBasedLinear: { linearPercentage: 50, linearInterval: 1 },
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
    if (hook === 'crashed') return { error: 'Runtime exited' };
    await bench.report(hook);
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

/** Other settings of switches that are figures than the default: ones that a release notices. */
const FIGURES: Partial<Record<keyof Switches, readonly number[]>> = {
  alarmPollSeconds: [15],
  rollbackSeconds: [0, 20],
  createdSeconds: [0, 5],
};
const DEFAULTS = switchesSchema.parse({});
/** Every setting that is no default, one at a time; the others of its run are the defaults. */
const OTHERS = Object.entries(switchesSchema.shape).flatMap(([name, { def }]) => {
  const { innerType } = def;
  const all = 'options' in innerType ? innerType.options : (FIGURES[name as keyof Switches] ?? []);
  return all
    .filter((setting) => setting !== DEFAULTS[name as keyof Switches])
    .map((setting): Partial<Switches> => ({ [name]: setting }));
});

test('every switch has another setting than its default', () => {
  const played = new Set(OTHERS.flatMap((settings) => Object.keys(settings)));
  expect([...played]).toEqual(Object.keys(switchesSchema.shape));
});

describe.each([{}, ...OTHERS])('under %j', (settings: Partial<Switches>) => {
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
    expect(result.record?.cause).toMatch(new RegExp(`${bench.switches.alarmCode}.*<errors>`));
    expect(primary()).toBe(definition(1));
    expect(shares()).toEqual(['one', 'one']);
  });

  test('stopped while a tenth of the traffic is on it, it goes back', async () => {
    expect(await run(...stopAt(30))).toMatchObject({ outcome: 'interrupted' });
    expect(primary()).toBe(definition(1));
    expect(shares()).toEqual(['one', 'one']);
  });
});

/** Both settings of one switch. */
const both = (name: keyof Switches) =>
  [{}, ...OTHERS.filter((settings) => name in settings)].map((settings) => switchesSchema.parse(settings));

test.each(both('duringTerminationWait'))(
  'stopped while the old version is kept, it goes back, or stays to the end and says so: $duringTerminationWait',
  async (switches) => {
    bench.switches = switches;
    const tooLate = switches.duringTerminationWait === 'too-late';
    const result = await run(...stopAt(80));
    expect(result).toMatchObject({ outcome: tooLate ? 'succeeded' : 'interrupted' });
    expect(result.words.includes('It was over before it could be stopped.')).toBe(tooLate);
    expect(primary()).toBe(definition(tooLate ? 2 : 1));
    expect(shares()).toEqual(tooLate ? ['two', 'two'] : ['one', 'one']);
  },
);

test.each(both('linearBegins'))('equal shares are followed to the end: $linearBegins', async (switches) => {
  bench.switches = switches;
  bench.estate.group = { ...bench.estate.group, deploymentConfigName: 'HalvesOfAMinute' };
  expect(await run()).toMatchObject({ outcome: 'succeeded' });
  expect(primary()).toBe(definition(2));
  expect(lines.join('\n')).toContain('traffic: 50 % new, 50 % old');
});

test.each(both('alarmAtStart'))('an alarm that was on before: $alarmAtStart', async (switches) => {
  bench.switches = switches;
  bench.estate.alarmStates.set('errors', 'ALARM');
  const stops = switches.alarmAtStart === 'stops';
  const result = await run();
  expect(result).toMatchObject({ outcome: stops ? 'rolled-back' : 'succeeded' });
  expect(result.record?.cause?.includes('<errors>') ?? false).toBe(stops);
  expect(primary()).toBe(definition(stops ? 1 : 2));
});

test.each(both('insufficientData'))('an alarm without data: $insufficientData', async (switches) => {
  bench.switches = switches;
  bench.estate.alarmStates.set('latency', 'INSUFFICIENT_DATA');
  const stops = switches.insufficientData === 'stops';
  expect(await run()).toMatchObject({ outcome: stops ? 'rolled-back' : 'succeeded' });
  expect(primary()).toBe(definition(stops ? 1 : 2));
});

test.each(both('crashedHook'))('a hook that ends with an error: $crashedHook', async (switches) => {
  bench.switches = switches;
  // The hour that it may take, as a minute.
  bench.limitSpeed = 60;
  hook = 'crashed';
  const result = await run();
  expect(result).toMatchObject({ outcome: 'rolled-back' });
  expect(result.record?.cause).toContain(
    switches.crashedHook === 'burns-the-hour' ? 'TIMEOUT' : 'HOOK_EXECUTION_FAILURE',
  );
  expect(primary()).toBe(definition(1));
  expect(shares()).toEqual(['one', 'one']);
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

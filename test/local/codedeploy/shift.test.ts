import { ContinueDeploymentCommand, DeploymentIsNotInReadyStateException } from '@aws-sdk/client-codedeploy';
import { stepsOf } from '../../../lib/local/codedeploy/lifecycle/shift';
import { PREDEFINED } from '../../../lib/local/codedeploy/model/catalogue';
import { switchesSchema } from '../../../lib/local/codedeploy/switches';
import { Bench } from './support/bench';
import { groupOf, PRODUCTION, TESTS } from './support/fakes';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.open();
});
afterEach(async () => {
  await bench.close();
  bench.erase();
});

const production = () => bench.estate.log.filter((line) => line.startsWith('production'));

test('a canary gives 10 % at once and the rest after its five minutes', async () => {
  const id = await bench.deploy(
    2,
    {},
    { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' },
  );
  await bench.clock.pass(298);
  expect(production()).toEqual(['production two:10 one:90 (for now)']);
  expect((await bench.events(id)).slice(-2)).toEqual([
    'AllowTraffic InProgress',
    'AfterAllowTraffic Pending',
  ]);
  expect((await bench.target(id)).taskSetsInfo?.map(({ trafficWeight }) => trafficWeight)).toEqual([90, 10]);
  expect(bench.estate.parts()).toEqual(['ecs-svc/1 PRIMARY', 'ecs-svc/2 ACTIVE']);
  await bench.clock.pass(2);
  expect(production()).toEqual(['production two:10 one:90 (for now)', 'production two:100 one:0']);
  expect(bench.estate.parts()).toEqual(['ecs-svc/1 ACTIVE', 'ecs-svc/2 PRIMARY']);
});

test('a linear shift begins with its first share, so ten of them span nine intervals', async () => {
  const id = await bench.deploy(
    2,
    {},
    { deploymentConfigName: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes' },
  );
  await bench.clock.pass(9 * 60 - 2);
  expect(production().map((line) => line.split(' ')[1])).toEqual(
    [10, 20, 30, 40, 50, 60, 70, 80, 90].map((share) => `two:${share}`),
  );
  await bench.clock.pass(2);
  expect(production()).toHaveLength(10);
  expect((await bench.events(id)).at(-1)).toBe('AfterAllowTraffic Succeeded');
});

test('shares of every routing add up to all of it', () => {
  for (const linearBegins of ['with-share', 'with-interval'] as const) {
    const spans = PREDEFINED.map(({ deploymentConfigId, trafficRoutingConfig }) => {
      const steps = stepsOf(trafficRoutingConfig, { linearBegins });
      expect(steps.at(-1)).toEqual({ percent: 100, minutes: 0 });
      return [deploymentConfigId, steps.reduce((sum, { minutes }) => sum + minutes, 0)];
    });
    const late = linearBegins === 'with-interval';
    expect(Object.fromEntries(spans)).toEqual({
      ECSAllAtOnce: 0,
      ECSCanary10Percent5Minutes: 5,
      ECSCanary10Percent15Minutes: 15,
      ECSLinear10PercentEvery1Minutes: late ? 10 : 9,
      ECSLinear10PercentEvery3Minutes: late ? 30 : 27,
    });
  }
  const thirds = {
    type: 'TimeBasedLinear',
    timeBasedLinear: { linearPercentage: 30, linearInterval: 1 },
  } as const;
  expect(stepsOf(thirds, { linearBegins: 'with-share' }).map(({ percent }) => percent)).toEqual([
    30, 60, 90, 100,
  ]);
});

test("the account's own configuration", async () => {
  bench.estate.ownConfigs.push({
    deploymentConfigName: 'mine',
    deploymentConfigId: 'c-1',
    computePlatform: 'ECS',
    trafficRoutingConfig: {
      type: 'TimeBasedCanary',
      timeBasedCanary: { canaryPercentage: 25, canaryInterval: 1 },
    },
  });
  await bench.deploy(2, {}, { deploymentConfigName: 'mine' });
  await bench.clock.pass(60);
  expect(production()).toEqual(['production two:25 one:75 (for now)', 'production two:100 one:0']);
});

test('without a test listener two events are not there', async () => {
  bench.estate.group = groupOf({
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: 'one' }, { name: 'two' }],
          prodTrafficRoute: { listenerArns: [PRODUCTION] },
        },
      ],
    },
  });
  const id = await bench.deploy(2);
  expect((await bench.events(id)).map((event) => event.split(' ')[0])).toEqual([
    'BeforeInstall',
    'Install',
    'AfterInstall',
    'BeforeAllowTraffic',
    'AllowTraffic',
    'AfterAllowTraffic',
  ]);
  expect(bench.estate.log.some((line) => line.startsWith('tests'))).toBe(false);
});

test.each([PRODUCTION, TESTS])('%s has to lead to the PRIMARY task set at the start', async (listener) => {
  bench.estate.shares.set(listener, [[{ group: 'two', weight: 1 }]]);
  const id = await bench.deploy(2);
  expect(await bench.info(id)).toMatchObject({
    status: 'Failed',
    errorInformation: {
      message: `The ELB could not be updated due to the following error: Primary taskset target group must be behind listener ${listener}`,
    },
  });
  expect(bench.estate.log).toEqual([]);
});

test('a rule that leads elsewhere than the default fails the start', async () => {
  bench.estate.shares.set(PRODUCTION, [[{ group: 'one', weight: 1 }], [{ group: 'two', weight: 1 }]]);
  expect((await bench.info(await bench.deploy(2))).status).toBe('Failed');
});

test('a replacement that never becomes well fails after sixty minutes and is deleted', async () => {
  bench.estate.steady = false;
  const id = await bench.deploy(2);
  await bench.clock.pass(3598);
  expect((await bench.events(id))[1]).toBe('Install InProgress');
  expect((await bench.target(id)).taskSetsInfo?.[1]).toMatchObject({ pendingCount: 1, runningCount: 0 });
  await bench.clock.pass(3);
  expect(await bench.info(id)).toMatchObject({ status: 'Failed', errorInformation: { code: 'TIMEOUT' } });
  expect(bench.estate.parts()).toEqual(['ecs-svc/1 PRIMARY']);
});

describe('waits', () => {
  const go = (deploymentId: string, deploymentWaitType: 'READY_WAIT' | 'TERMINATION_WAIT') =>
    bench.client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType }));

  test('TERMINATION_WAIT can be ended early', async () => {
    const id = await bench.deploy(2);
    await expect(go(id, 'READY_WAIT')).rejects.toThrow(DeploymentIsNotInReadyStateException);
    await go(id, 'TERMINATION_WAIT');
    await bench.clock.pass(0);
    expect((await bench.info(id)).status).toBe('Succeeded');
  });

  test.each([
    ['continued', 'Succeeded'],
    ['left alone', 'Stopped'],
  ])('with STOP_DEPLOYMENT a deployment is Ready until it is %s: %s', async (what, status) => {
    const base = groupOf();
    bench.estate.group = {
      ...base,
      blueGreenDeploymentConfiguration: {
        ...base.blueGreenDeploymentConfiguration,
        deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 10 },
      },
    };
    const id = await bench.deploy(2);
    expect((await bench.info(id)).status).toBe('Ready');
    expect(await bench.events(id)).toContain('BeforeAllowTraffic Pending');
    await expect(go(id, 'TERMINATION_WAIT')).rejects.toThrow(DeploymentIsNotInReadyStateException);
    if (what === 'continued') await go(id, 'READY_WAIT');
    await bench.clock.pass(45 * 60);
    expect((await bench.info(id)).status).toBe(status);
  });

  test.each(['InProgress', 'Baking'] as const)(
    'the wait may be told as %s',
    async (terminationWaitStatus) => {
      bench.switches = switchesSchema.parse({ terminationWaitStatus });
      const id = await bench.deploy(2);
      expect((await bench.info(id)).status).toBe(terminationWaitStatus);
      await expect(bench.deploy(3)).rejects.toThrow(id);
    },
  );
});

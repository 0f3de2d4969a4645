import { DeploymentLimitExceededException } from '@aws-sdk/client-codedeploy';
import { sha256 } from '../../../lib/local/codedeploy/appspec';
import { appSpec, Bench } from './support/bench';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.open();
});
afterEach(async () => {
  await bench.close();
  bench.erase();
});

const ALL = [
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'AllowTestTraffic',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AllowTraffic',
  'AfterAllowTraffic',
];

test('all at once: every event in its order, both listeners, the other group, the old task set kept and then deleted', async () => {
  const id = await bench.deploy(2);
  expect(id).toMatch(/^d-[A-Z0-9]{9}$/);
  expect(bench.estate.log).toEqual([
    'create api:2 in two',
    'tests two:100 one:0',
    'production two:100 one:0',
    'primary ecs-svc/2',
  ]);
  expect(await bench.events(id)).toEqual(ALL.map((name) => `${name} Succeeded`));
  expect(await bench.info(id)).toMatchObject({
    status: 'InProgress',
    creator: 'user',
    computePlatform: 'ECS',
    instanceTerminationWaitTimeStarted: true,
  });
  expect((await bench.info(id)).revision?.appSpecContent).toEqual({ sha256: sha256(appSpec(2)) });
  expect((await bench.target(id)).taskSetsInfo).toMatchObject([
    {
      identifer: 'ecs-svc/1',
      status: 'ACTIVE',
      trafficWeight: 0,
      taskSetLabel: 'Blue',
      targetGroup: { name: 'one' },
    },
    {
      identifer: 'ecs-svc/2',
      status: 'PRIMARY',
      trafficWeight: 100,
      taskSetLabel: 'Green',
      targetGroup: { name: 'two' },
    },
  ]);

  await bench.clock.pass(29 * 60);
  expect(bench.estate.parts()).toEqual(['ecs-svc/1 ACTIVE', 'ecs-svc/2 PRIMARY']);
  await bench.clock.pass(60);
  expect(bench.estate.parts()).toEqual(['ecs-svc/2 PRIMARY']);
  const done = await bench.info(id);
  expect(done).toMatchObject({ status: 'Succeeded', deploymentOverview: { Succeeded: 1 } });
  expect(done.completeTime!.getTime() - done.startTime!.getTime()).toBe(30 * 60 * 1000);
});

test('blue and green swap with every deployment, three times', async () => {
  for (const [revision, group] of [
    [2, 'two'],
    [3, 'one'],
    [4, 'two'],
  ] as const) {
    const id = await bench.deploy(revision);
    await bench.clock.pass(31 * 60);
    expect((await bench.info(id)).status).toBe('Succeeded');
    expect(bench.estate.sets).toMatchObject([{ targetGroup: group, status: 'PRIMARY' }]);
  }
});

test('a group has one deployment, the wait for the termination included', async () => {
  const id = await bench.deploy(2);
  await expect(bench.deploy(3)).rejects.toThrow(DeploymentLimitExceededException);
  await expect(bench.deploy(3)).rejects.toThrow(id);
  await bench.clock.pass(30 * 60);
  expect(await bench.deploy(3)).not.toBe(id);
});

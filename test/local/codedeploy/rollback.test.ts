import { DeploymentAlreadyCompletedException, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { switchesSchema } from '../../../lib/local/codedeploy/switches';
import { Bench } from './support/bench';
import { groupOf, settle } from './support/fakes';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.open();
});
afterEach(async () => {
  await bench.close();
  bench.erase();
});

const CANARY = { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' };

async function stop(deploymentId: string, autoRollbackEnabled?: boolean) {
  const answer = await bench.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled }));
  await settle();
  return answer.status;
}

/** How a service stands on which the traffic is wholly on the first task set. */
function expectAllOnBlue() {
  expect([...bench.estate.shares.values()]).toEqual([
    [
      [
        { group: 'one', weight: 100 },
        { group: 'two', weight: 0 },
      ],
    ],
    [
      [
        { group: 'one', weight: 100 },
        { group: 'two', weight: 0 },
      ],
    ],
  ]);
  expect(bench.estate.parts()).toEqual(['ecs-svc/1 PRIMARY']);
}

test('an alarm during a canary stops it, and a deployment of its own takes it back without a gap', async () => {
  const id = await bench.deploy(2, {}, CANARY);
  await bench.clock.pass(60);
  bench.estate.alarmStates.set('errors', 'ALARM');
  await bench.clock.pass(2);
  const info = await bench.info(id);
  expect(info).toMatchObject({ status: 'Stopped', errorInformation: { code: 'ALARM_ACTIVE' } });
  expect(info.errorInformation?.message).toContain('errors');
  const { rollbackDeploymentId = '' } = info.rollbackInfo ?? {};
  expect(await bench.list()).toEqual([rollbackDeploymentId, id]);
  const rollback = await bench.info(rollbackDeploymentId);
  expect(rollback).toMatchObject({
    status: 'InProgress',
    creator: 'codeDeployRollback',
    rollbackInfo: { rollbackTriggeringDeploymentId: id },
  });
  expect(rollback.createTime).toEqual(info.completeTime);
  expectAllOnBlue();
  await expect(bench.deploy(3)).rejects.toThrow(rollbackDeploymentId);
  await bench.clock.pass(2);
  expect(await bench.info(rollbackDeploymentId)).toMatchObject({ status: 'Succeeded' });
  expect((await bench.info(id)).status).toBe('Stopped');

  bench.estate.alarmStates.set('errors', 'OK');
  const next = await bench.deploy(3);
  await bench.clock.pass(31 * 60);
  expect((await bench.info(next)).status).toBe('Succeeded');
});

test('the second of a group goes back to what the first released', async () => {
  const first = await bench.deploy(2);
  await bench.clock.pass(31 * 60);
  const second = await bench.deploy(3, { AfterAllowTraffic: 'check' }, CANARY);
  await bench.clock.pass(400);
  await bench.report('Failed');
  await bench.clock.pass(10);
  expect(bench.estate.sets).toMatchObject([{ targetGroup: 'two', status: 'PRIMARY' }]);
  const [rollback = ''] = await bench.list();
  const told = await Promise.all([first, second, rollback].map((id) => bench.info(id)));
  expect(told.map(({ status }) => status)).toEqual(['Succeeded', 'Failed', 'Succeeded']);
  expect(told[2]!.revision).toEqual(told[0]!.revision);
  expect(told[1]!.previousRevision).toEqual(told[0]!.revision);
});

test.each([
  ['during a hook', { AfterInstall: 'check' }, 0, 'Pending', 'AfterInstall Failed'],
  ['during a shift', {}, 100, 'Pending', 'AllowTraffic Failed'],
  ['during the wait for the termination', {}, 400, 'Succeeded', 'AfterAllowTraffic Succeeded'],
] as const)('stopped %s it goes back', async (_when, hooks, seconds, answered, event) => {
  const id = await bench.deploy(2, hooks, CANARY);
  await bench.clock.pass(seconds);
  expect(await stop(id, true)).toBe(answered);
  expect(await bench.info(id)).toMatchObject({
    status: 'Stopped',
    errorInformation: { code: 'MANUAL_STOP' },
  });
  expect(await bench.events(id)).toContain(event);
  expectAllOnBlue();
  await expect(stop(id)).rejects.toThrow(DeploymentAlreadyCompletedException);
});

test('stopped before there is a replacement there is nothing to take back', async () => {
  const id = await bench.deploy(2, { BeforeInstall: 'check' });
  await stop(id, true);
  expect((await bench.info(id)).rollbackInfo).toBeUndefined();
  expect(await bench.list()).toEqual([id]);
});

test.each([
  [undefined, ['DEPLOYMENT_STOP_ON_REQUEST'], true],
  [undefined, ['DEPLOYMENT_FAILURE'], false],
  [false, ['DEPLOYMENT_STOP_ON_REQUEST'], false],
  [true, [], true],
] as const)('a stop that asks %p under %p goes back: %p', async (asked, events, goesBack) => {
  const autoRollbackConfiguration = { enabled: events.length > 0, events: [...events] };
  const id = await bench.deploy(2, {}, { ...CANARY, autoRollbackConfiguration });
  await stop(id, asked);
  expect((await bench.info(id)).rollbackInfo !== undefined).toBe(goesBack);
  // Without a rollback everything stays where it was.
  if (!goesBack) {
    expect(bench.estate.parts()).toEqual(['ecs-svc/1 PRIMARY', 'ecs-svc/2 ACTIVE']);
    expect(bench.estate.log.at(-1)).toBe('production two:10 one:90 (for now)');
  }
});

test('two that stop the same deployment take it back once', async () => {
  const id = await bench.deploy(2, {}, CANARY);
  await Promise.allSettled([stop(id, true), stop(id, true), stop(id, false)]);
  expect(await bench.list()).toHaveLength(2);
  expectAllOnBlue();
});

describe('what the documentation leaves open', () => {
  test.each([
    ['at-once', 'Stopped'],
    ['after-report', 'InProgress'],
  ] as const)('a stop while a hook runs: %s', async (stopDuringHook, status) => {
    bench.switches = switchesSchema.parse({ stopDuringHook });
    const id = await bench.deploy(2, { AfterInstall: 'check' });
    await stop(id);
    expect((await bench.info(id)).status).toBe(status);
    if (status === 'InProgress') await bench.report('Succeeded');
    expect((await bench.info(id)).status).toBe('Stopped');
    expectAllOnBlue();
  });

  test.each([
    ['stops', 'Stopped'],
    ['ignored-until-ok', 'InProgress'],
  ] as const)('an alarm that is active at the start: %s', async (alarmAtStart, status) => {
    bench.switches = switchesSchema.parse({ alarmAtStart });
    bench.estate.alarmStates.set('latency', 'ALARM');
    const id = await bench.deploy(2, { AfterInstall: 'check' });
    await bench.clock.pass(10);
    expect((await bench.info(id)).status).toBe(status);
    if (status === 'Stopped') return;
    bench.estate.alarmStates.set('latency', 'OK');
    await bench.clock.pass(10);
    bench.estate.alarmStates.set('latency', 'ALARM');
    await bench.clock.pass(10);
    expect((await bench.info(id)).status).toBe('Stopped');
  });

  test.each([
    ['ignored', 'InProgress'],
    ['stops', 'Stopped'],
  ] as const)('INSUFFICIENT_DATA: %s', async (insufficientData, status) => {
    bench.switches = switchesSchema.parse({ insufficientData });
    bench.estate.alarmStates.set('latency', 'INSUFFICIENT_DATA');
    expect((await bench.info(await bench.deploy(2))).status).toBe(status);
  });

  test('both groups or one stay in the listener; the replacement may stay; all events may be told', async () => {
    bench.switches = switchesSchema.parse({
      listenerLeft: 'single',
      replacementAfterRollback: 'kept',
      rollbackEvents: 'all',
    });
    await bench.deploy(2, {}, CANARY);
    await bench.clock.pass(400);
    expect(bench.estate.log).toContain('production two:100');
    const [id = ''] = await bench.list();
    await stop(id, true);
    const [rollback = ''] = await bench.list();
    expect(bench.estate.parts()).toEqual(['ecs-svc/1 PRIMARY', 'ecs-svc/2 ACTIVE']);
    expect(await bench.events(rollback)).toEqual([
      'BeforeInstall Skipped',
      'Install Skipped',
      'AfterInstall Skipped',
      'AllowTestTraffic Skipped',
      'AfterAllowTestTraffic Skipped',
      'BeforeAllowTraffic Skipped',
      'AllowTraffic Succeeded',
      'AfterAllowTraffic Skipped',
    ]);
  });
});

test.each([
  [false, 'Stopped'],
  [true, 'InProgress'],
])('alarms that cannot be read, ignorePollAlarmFailure %p: %s', async (ignorePollAlarmFailure, status) => {
  bench.estate.group = groupOf({
    alarmConfiguration: { enabled: true, ignorePollAlarmFailure, alarms: [{ name: 'errors' }] },
  });
  bench.estate.broken = 'alarms';
  expect((await bench.info(await bench.deploy(2))).status).toBe(status);
});

test('the alarms of the deployment replace those of the group', async () => {
  bench.estate.alarmStates.set('errors', 'ALARM');
  const id = await bench.deploy(
    2,
    {},
    { overrideAlarmConfiguration: { enabled: true, alarms: [{ name: 'latency' }] } },
  );
  expect((await bench.info(id)).status).toBe('InProgress');
});

test('a rollback that does not succeed says so', async () => {
  const id = await bench.deploy(2, {}, CANARY);
  bench.estate.broken = 'send';
  await stop(id, true);
  const [rollback = ''] = await bench.list();
  expect(await bench.info(rollback)).toMatchObject({
    status: 'Failed',
    errorInformation: { code: 'INTERNAL_ERROR' },
  });
});

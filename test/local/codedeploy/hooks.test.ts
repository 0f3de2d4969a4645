import {
  InvalidLifecycleEventHookExecutionIdException,
  InvalidLifecycleEventHookExecutionStatusException,
  LifecycleEventAlreadyCompletedException,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { switchesSchema } from '../../../lib/local/codedeploy/switches';
import { Bench } from './support/bench';
import { settle } from './support/fakes';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.open();
});
afterEach(async () => {
  await bench.close();
  bench.erase();
});

const ATTENDED = {
  BeforeInstall: 'check-1',
  AfterInstall: 'check-2',
  AfterAllowTestTraffic: 'check-3',
  BeforeAllowTraffic: 'check-4',
  AfterAllowTraffic: 'check-5',
};

test('each hook is invoked once with the two ids and nothing else, and the next event waits for its report', async () => {
  const id = await bench.deploy(2, ATTENDED);
  const seen: string[][] = [];
  for (let i = 0; i < 5; i += 1) {
    seen.push([...bench.estate.log]);
    await bench.clock.pass(100);
    await bench.report('Succeeded');
  }
  expect(seen.at(-1)).toEqual([
    'invoke check-1',
    'create api:2 in two',
    'invoke check-2',
    'tests two:100 one:0',
    'invoke check-3',
    'invoke check-4',
    'production two:100 one:0',
    'primary ecs-svc/2',
    'invoke check-5',
  ]);
  expect(seen.map((log) => log.length)).toEqual([1, 3, 5, 6, 9]);
  for (const { payload } of bench.estate.invoked)
    expect(payload).toEqual({
      DeploymentId: id,
      LifecycleEventHookExecutionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  const ids = bench.estate.invoked.map(({ payload }) => payload['LifecycleEventHookExecutionId']);
  expect(new Set(ids).size).toBe(5);
});

test.each([
  ['BeforeInstall', []],
  ['AfterInstall', ['create', 'production', 'tests', 'primary', 'remove']],
  ['AfterAllowTestTraffic', ['create', 'tests', 'production', 'tests', 'primary', 'remove']],
  ['BeforeAllowTraffic', ['create', 'tests', 'production', 'tests', 'primary', 'remove']],
  [
    'AfterAllowTraffic',
    ['create', 'tests', 'production', 'primary', 'production', 'tests', 'primary', 'remove'],
  ],
])('a failed hook at %s fails the deployment, and takes back what there is', async (event, done) => {
  const id = await bench.deploy(2, { [event]: 'check' });
  await bench.report('Failed');
  const info = await bench.info(id);
  expect(info).toMatchObject({
    status: 'Failed',
    errorInformation: {
      code: 'HOOK_EXECUTION_FAILURE',
      message:
        'The deployment failed because one or more of the lifecycle event validation functions failed.',
    },
  });
  const events = await bench.events(id);
  const at = events.indexOf(`${event} Failed`);
  expect(events.slice(0, at).every((told) => told.endsWith(' Succeeded'))).toBe(true);
  expect(events.slice(at + 1).every((told) => told.endsWith(' Skipped'))).toBe(true);
  expect(bench.estate.log.map((line) => line.split(' ')[0]).filter((verb) => verb !== 'invoke')).toEqual(
    done,
  );
  expect(bench.estate.parts()).toEqual(['ecs-svc/1 PRIMARY']);
  expect(await bench.list()).toHaveLength(done.length === 0 ? 1 : 2);
});

test('a hook that reports nothing within 3,600 seconds fails the deployment by a timeout', async () => {
  const id = await bench.deploy(2, { AfterInstall: 'check' });
  await bench.clock.pass(3598);
  expect((await bench.info(id)).status).toBe('InProgress');
  await bench.clock.pass(2);
  expect(await bench.info(id)).toMatchObject({
    status: 'Failed',
    errorInformation: {
      code: 'TIMEOUT',
      message:
        'The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked.',
    },
  });
  await expect(bench.report('Succeeded')).rejects.toThrow(LifecycleEventAlreadyCompletedException);
});

test.each([
  ['burns-the-hour', 'InProgress'],
  ['fails-at-once', 'Failed'],
] as const)('a hook that crashes without a report: %s', async (crashedHook, status) => {
  bench.switches = switchesSchema.parse({ crashedHook });
  bench.estate.onInvoke = () => Promise.resolve({ error: 'Runtime.HandlerError' });
  const id = await bench.deploy(2, { AfterInstall: 'check' });
  await bench.clock.pass(60);
  expect((await bench.info(id)).status).toBe(status);
});

test('a function that cannot be invoked is as one that crashed', async () => {
  bench.switches = switchesSchema.parse({ crashedHook: 'fails-at-once' });
  bench.estate.onInvoke = () => Promise.reject(new Error('Function not found'));
  const id = await bench.deploy(2, { BeforeInstall: 'check' });
  await settle();
  const [event] = (await bench.target(id)).lifecycleEvents ?? [];
  expect(event?.diagnostics?.message).toBe('check could not be invoked: Function not found');
});

test('reports that are not taken', async () => {
  const id = await bench.deploy(2, { BeforeInstall: 'check', AfterInstall: 'check' });
  await expect(bench.report('Pending')).rejects.toThrow(InvalidLifecycleEventHookExecutionStatusException);
  const { LifecycleEventHookExecutionId: first } = bench.estate.invoked[0]!.payload;
  await bench.report('Succeeded');
  const put = (lifecycleEventHookExecutionId?: string) =>
    bench.client.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: id,
        lifecycleEventHookExecutionId,
        status: 'Failed',
      }),
    );
  await expect(put(first)).rejects.toThrow(LifecycleEventAlreadyCompletedException);
  await expect(put('no-such')).rejects.toThrow(InvalidLifecycleEventHookExecutionIdException);
  await expect(put()).rejects.toThrow(InvalidLifecycleEventHookExecutionIdException);
  expect((await bench.info(id)).status).toBe('InProgress');
});

test('a hook may ask which event it serves, since its payload does not say', async () => {
  let asked: string | undefined;
  bench.estate.onInvoke = async (_name, { DeploymentId = '' }) => {
    const { lifecycleEvents = [] } = await bench.target(DeploymentId);
    asked = lifecycleEvents.find(({ status }) => status === 'InProgress')?.lifecycleEventName;
    return {};
  };
  await bench.deploy(2, { AfterInstall: 'check' });
  expect(asked).toBe('AfterInstall');
});

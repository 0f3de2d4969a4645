import type { Deployment, LifecycleEvent } from '../model/deployment';
import { begin } from './begin';
import { Ended, failed } from './ended';
import { runHook } from './hook';
import { install } from './install';
import type { Run } from './run';
import { shift, shiftTests } from './shift';
import { watchAlarms } from './watch-alarms';

/**
 * Takes a deployment through its lifecycle, from wherever it stands.
 *
 * @param takeBack - begins the rollback of one that ended, in the same moment: the group is never free between them
 */
export async function conduct(run: Run, takeBack: (ended: Deployment) => void): Promise<void> {
  const { deployment, clock } = run;
  const over = new AbortController();
  let watching: Promise<void> = Promise.resolve();
  try {
    if (deployment.status === 'Created')
      await run.until(() => false, run.behaviour.switches.createdSeconds, 'wait');
    deployment.startTime ??= clock.now();
    deployment.status = 'InProgress';
    run.save();
    watching = watchAlarms(run, over.signal);
    await begin(run);
    for (const event of deployment.events) {
      if (event.name === 'BeforeAllowTraffic') await waitReady(run);
      await perform(run, event);
    }
    await terminate(run);
    finish(run, 'Succeeded');
  } catch (error) {
    if (run.left) return;
    if (conclude(run, error)) takeBack(deployment);
    run.save();
  } finally {
    over.abort();
    await watching;
  }
}

async function perform(run: Run, event: LifecycleEvent): Promise<void> {
  if (event.status === 'Succeeded') return;
  run.goOn();
  run.mark(event, 'InProgress');
  if (event.name === 'Install') await install(run);
  else if (event.name === 'AllowTestTraffic') await shiftTests(run);
  else if (event.name === 'AllowTraffic') await shift(run);
  else await runHook(run, event);
  run.mark(event, 'Succeeded');
}

/** With STOP_DEPLOYMENT the deployment waits for somebody to go on, and stops when nobody does. */
async function waitReady(run: Run): Promise<void> {
  const { deployment } = run;
  const { actionOnTimeout, waitTimeInMinutes } =
    deployment.group.blueGreenDeploymentConfiguration.deploymentReadyOption;
  const passed = run.event('BeforeAllowTraffic').status !== 'Pending';
  if (actionOnTimeout !== 'STOP_DEPLOYMENT' || waitTimeInMinutes === 0 || passed) return;
  deployment.status = 'Ready';
  const told = await run.until(
    () => deployment.continued.includes('READY_WAIT'),
    waitTimeInMinutes * 60,
    'wait',
  );
  if (!told)
    throw new Ended(
      'Stopped',
      'TIMEOUT',
      `The deployment timed out while waiting for a notification to continue. This time out period is ${waitTimeInMinutes} minutes.`,
    );
  deployment.status = 'InProgress';
  run.save();
}

/** Keeps the original task set for as long as the group says, then deletes it. */
async function terminate(run: Run): Promise<void> {
  const { deployment, estate, clock } = run;
  const { action, terminationWaitTimeInMinutes } =
    deployment.group.blueGreenDeploymentConfiguration.terminateBlueInstancesOnDeploymentSuccess;
  if (action === 'KEEP_ALIVE') return;
  deployment.terminationSince ??= clock.now();
  deployment.status = run.behaviour.switches.terminationWaitStatus;
  const ended = (): boolean => deployment.continued.includes('TERMINATION_WAIT');
  await run.until(ended, terminationWaitTimeInMinutes * 60, 'wait');
  run.goOn();
  if (deployment.blue !== undefined) {
    await estate.taskSets.remove(run.service, deployment.blue.taskSetId);
    deployment.blue.status = 'DRAINING';
  }
}

function finish(run: Run, status: 'Succeeded' | 'Failed' | 'Stopped'): void {
  run.deployment.status = status;
  run.deployment.completeTime = run.clock.now();
  run.save();
}

function conclude(run: Run, error: unknown): boolean {
  const { deployment } = run;
  const ended =
    error instanceof Ended
      ? error
      : failed('INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
  for (const event of deployment.events) {
    if (event.status === 'InProgress') {
      event.message ??= ended.message;
      run.mark(event, 'Failed');
    } else if (event.status === 'Pending') event.status = 'Skipped';
  }
  deployment.error = { code: ended.code, message: ended.message };
  finish(run, ended.status);
  const { enabled, events } = deployment.autoRollback;
  const configured = enabled && events.includes(ended.trigger);
  const asked = ended.trigger === 'DEPLOYMENT_STOP_ON_REQUEST' ? deployment.stop?.rollback : undefined;
  // Before the replacement exists there is nothing to take back.
  return (asked ?? configured) && deployment.green !== undefined;
}

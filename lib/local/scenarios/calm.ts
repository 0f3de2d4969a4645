import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientOptions } from '../cloud';
import { LocalAlarms } from '../codedeploy/aws/alarms';
import type { Stage } from './stage';
import { deploymentsOf } from './state';

/** Longest that an alarm is waited for; then the next release says that one is on. */
const WAIT_MS = 30_000;

/**
 * Waits until no alarm of the last deployment is on, as whoever releases next does: CodeDeploy stops what begins under one.
 * @param alarmSpeed - how many times shorter than defined an alarm's periods are
 */
export async function untilCalm(stage: Stage, alarmSpeed: number): Promise<void> {
  const { summary, watched } = stage;
  const last = (await deploymentsOf(watched.codeDeploy)).at(-1);
  const names = last?.alarms.alarms.map(({ name }) => name) ?? [];
  const alarms = new LocalAlarms(
    new CloudWatchClient(clientOptions(summary.cloud)),
    () => watched.supervisor,
    () => alarmSpeed,
  );
  const deadline = Date.now() + WAIT_MS;
  while (names.length > 0 && Date.now() < deadline) {
    const states = await alarms.states(names);
    if (![...states.values()].includes('ALARM')) return;
    await sleep(250);
  }
}

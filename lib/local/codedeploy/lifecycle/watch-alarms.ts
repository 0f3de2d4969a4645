import { Ended } from './ended';
import type { Run } from './run';

/** Whether the original task set is only waited out, and nothing takes the deployment back any more. */
export function tooLate({ deployment, behaviour }: Pick<Run, 'deployment' | 'behaviour'>): boolean {
  return deployment.terminationSince !== undefined && behaviour.switches.duringTerminationWait === 'too-late';
}

/** Looks at the alarms until the signal says that the deployment is over; one that is active stops it. */
export async function watchAlarms(run: Run, over: AbortSignal): Promise<void> {
  const { deployment, estate, clock } = run;
  const { enabled, alarms, ignorePollAlarmFailure } = deployment.overrideAlarms ?? deployment.alarms;
  const names = alarms.map(({ name }) => name);
  if (!enabled || names.length === 0) return;
  const stop = (message: string): void =>
    run.interrupt(
      new Ended('Stopped', run.behaviour.switches.alarmCode, message, 'DEPLOYMENT_STOP_ON_ALARM'),
    );
  let ignored: ReadonlySet<string> | undefined;
  while (!over.aborted && !tooLate(run)) {
    const { switches } = run.behaviour;
    try {
      const states = await estate.alarms.states(names);
      const active = names.filter((name) => {
        const state = states.get(name);
        return state === 'ALARM' || (state === 'INSUFFICIENT_DATA' && switches.insufficientData === 'stops');
      });
      const before: ReadonlySet<string> = ignored ?? new Set(switches.alarmAtStart === 'stops' ? [] : active);
      ignored = new Set([...before].filter((name) => active.includes(name)));
      const tripped = active.filter((name) => !before.has(name));
      if (tripped.length > 0)
        stop(
          `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <${tripped.join(', ')}>`,
        );
    } catch (error) {
      if (!ignorePollAlarmFailure) stop(`The alarms could not be read: ${(error as Error).message}`);
    }
    await clock.sleep(switches.alarmPollSeconds * 1000, over);
  }
}

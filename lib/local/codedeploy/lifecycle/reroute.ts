import { routesOf } from './begin';
import type { Run } from './run';
import { sharesTo } from './shift';
import { refreshSides } from './sides';

/**
 * A rollback: sends the traffic back to the original task set, which still runs, and deletes the replacement. No hook
 * runs, and nothing stops it.
 */
export async function reroute(run: Run): Promise<void> {
  const { deployment, estate, clock } = run;
  const { blue, green } = deployment;
  if (blue === undefined || green === undefined) throw new Error('There is nothing to go back to.');
  const { switches } = run.behaviour;
  try {
    deployment.startTime ??= clock.now();
    deployment.status = 'InProgress';
    const event = run.event('AllowTraffic');
    run.mark(event, 'InProgress');
    const { production, test } = routesOf(deployment);
    const shares = sharesTo(deployment, 'blue', switches);
    await estate.traffic.send(production, shares, true);
    if (test !== undefined) await estate.traffic.send(test, shares, true);
    blue.weight = 100;
    green.weight = 0;
    await estate.taskSets.makePrimary(run.service, blue.taskSetId);
    await refreshSides(run);
    run.mark(event, 'Succeeded');
    if (switches.replacementAfterRollback === 'deleted') {
      await estate.taskSets.remove(run.service, green.taskSetId);
      green.status = 'DRAINING';
    }
    await run.undisturbed(() => run.until(() => false, switches.rollbackSeconds, 'wait'));
    deployment.status = 'Succeeded';
  } catch (error) {
    deployment.status = 'Failed';
    deployment.error = { code: 'INTERNAL_ERROR', message: (error as Error).message };
  }
  deployment.completeTime = clock.now();
  run.save();
}

import type { Side } from '../model/deployment';
import type { TaskSet } from '../ports';
import type { Run } from './run';

/** A task set as the deployment keeps it. */
export function sideOf(set: TaskSet, weight: number): Side {
  const { id, taskDefinition, targetGroup, status, desired, pending, running } = set;
  return { taskSetId: id, taskDefinition, targetGroup, status, desired, pending, running, weight };
}

/** Takes over how both task sets do. */
export async function refreshSides(run: Run): Promise<readonly TaskSet[]> {
  const sets = await run.estate.taskSets.of(run.service);
  for (const side of [run.deployment.blue, run.deployment.green]) {
    const set = sets.find(({ id }) => id === side?.taskSetId);
    if (side !== undefined && set !== undefined) Object.assign(side, sideOf(set, side.weight));
  }
  return sets;
}

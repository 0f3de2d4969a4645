import { routesOf } from './begin';
import { failed } from './ended';
import type { Run } from './run';
import { refreshSides, sideOf } from './sides';

/** Longest that a replacement may take to be well: documented, sixty minutes. */
const LIMIT_SECONDS = 3600;
/** Between looks at the task set; real time, since processes do not start faster with the speed. */
const LOOK_MILLISECONDS = 250;
const NOT_HEALTHY =
  'The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.';

/** Makes the replacement task set with the other target group and waits until it is steady. */
export async function install(run: Run): Promise<void> {
  const { deployment, estate, clock } = run;
  const { taskDefinition, containerName, containerPort } = deployment.revision;
  if (deployment.green === undefined) {
    const targetGroup =
      routesOf(deployment).groups.find((name) => name !== deployment.blue?.targetGroup) ?? '';
    const wish = { taskDefinition, targetGroup, containerName, containerPort, externalId: deployment.id };
    const set = await estate.taskSets.create(run.service, wish).catch((error: unknown) => {
      throw failed('ECS_UPDATE_ERROR', `The ECS service could not be updated: ${(error as Error).message}`);
    });
    deployment.green = sideOf(set, 0);
    run.save();
  }
  const id = deployment.green.taskSetId;
  let steady = false;
  const over = new AbortController();
  const look = async (): Promise<void> => {
    while (!over.signal.aborted && !steady) {
      const sets = await refreshSides(run).catch(() => []);
      steady = sets.some((set) => set.id === id && set.steady);
      if (steady) run.poke();
      else await clock.sleep(LOOK_MILLISECONDS, over.signal);
    }
  };
  const looking = look();
  try {
    if (!(await run.until(() => steady, LIMIT_SECONDS, 'limit'))) throw failed('TIMEOUT', NOT_HEALTHY);
  } finally {
    over.abort();
    await looking;
  }
}

import type { Deployment } from '../model/deployment';
import type { Share } from '../ports';
import { failed } from './ended';
import type { Run } from './run';
import { sideOf } from './sides';

/** Names of the two target groups, and the listeners. */
export interface Routes {
  /** Both groups. */
  readonly groups: readonly string[];
  /** Listener of the public. */
  readonly production: string;
  /** Listener of the tests, when the group has one. */
  readonly test: string | undefined;
}

/** Where a deployment's traffic goes over. */
export function routesOf({ group }: Pick<Deployment, 'group'>): Routes {
  const [pair] = group.loadBalancerInfo.targetGroupPairInfoList;
  return {
    groups: (pair?.targetGroups ?? []).map(({ name }) => name),
    production: pair?.prodTrafficRoute.listenerArns[0] ?? '',
    test: pair?.testTrafficRoute?.listenerArns[0],
  };
}

function carries(route: readonly Share[], group: string): boolean {
  return route.every((share) => share.weight > 0 === (share.group === group));
}

/**
 * Finds the task set that has the traffic. Every forward of both listeners has to go to its group, whichever of the
 * two that is: they swap with each deployment.
 */
export async function begin(run: Run): Promise<void> {
  const { deployment, estate } = run;
  if (deployment.blue !== undefined) return;
  const { groups, production, test } = routesOf(deployment);
  const primary = (await estate.taskSets.of(run.service)).find(({ status }) => status === 'PRIMARY');
  if (primary === undefined)
    throw failed(
      'INVALID_ECS_SERVICE',
      `The service ${run.service.service} of the cluster ${run.service.cluster} has no PRIMARY task set.`,
    );
  for (const listener of test === undefined ? [production] : [production, test]) {
    const routes = await estate.traffic.routes(listener, groups).catch((error: unknown) => {
      throw failed(
        'ELASTIC_LOAD_BALANCING_INVALID',
        `The ELB could not be read: ${(error as Error).message}`,
      );
    });
    if (
      !groups.includes(primary.targetGroup) ||
      routes.length === 0 ||
      !routes.every((route) => carries(route, primary.targetGroup))
    )
      throw failed(
        'ELASTIC_LOAD_BALANCING_INVALID',
        `The ELB could not be updated due to the following error: Primary taskset target group must be behind listener ${listener}`,
      );
  }
  deployment.blue = sideOf(primary, 100);
  run.save();
}

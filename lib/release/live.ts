import { DescribeServicesCommand, type TaskSet } from '@aws-sdk/client-ecs';
import type { ReleaseClients } from './aws/clients';
import { type Patience, persist } from './aws/persist';
import { Refused } from './errors';

/** What has the traffic of a service. */
export interface Live {
  /** ARN of its task definition. */
  readonly taskDefinition: string;
  /** Tasks that run. */
  readonly running: number;
  /** Tasks that should. */
  readonly desired: number;
}

/**
 * What has the traffic: the primary task set.
 * @throws Refused when the service is not there, or has none
 */
export async function readLive(
  { ecs }: Pick<ReleaseClients, 'ecs'>,
  { cluster, service }: { readonly cluster: string; readonly service: string },
  patience: Patience,
): Promise<Live> {
  const { services } = await persist(
    'ECS',
    () => ecs.send(new DescribeServicesCommand({ cluster, services: [service] })),
    patience,
  );
  const found = services?.find(({ status }) => status === 'ACTIVE');
  if (!found)
    throw new Refused(`There is no active service ${service} in ${cluster}: deploy the app stack first.`);
  const primary = found.taskSets?.find(({ status }) => status === 'PRIMARY');
  if (primary) return liveOf(primary);
  // A service whose first task set was not made by CodeDeploy tells its task definition itself.
  const { taskDefinition, runningCount = 0, desiredCount = 0 } = found;
  if (taskDefinition?.startsWith('arn:') && (found.taskSets ?? []).length === 0)
    return { taskDefinition, running: runningCount, desired: desiredCount };
  throw new Refused(
    `${service} has no primary task set: nothing of it has the traffic, so nothing can be shifted.`,
  );
}

function liveOf({ taskDefinition = '', runningCount = 0, computedDesiredCount = 0 }: TaskSet): Live {
  return { taskDefinition, running: runningCount, desired: computedDesiredCount };
}

/** `family:revision` of a task definition. */
export function shortName(taskDefinition: string): string {
  return taskDefinition.split('/').at(-1) ?? taskDefinition;
}

/** ARN of a task definition without its revision. */
export function familyOf(taskDefinition: string): string {
  return taskDefinition.replace(/:\d+$/, '');
}

/** ARN of what {@link shortName} shortened, which is in the same account and region as another one. */
export function fullName(short: string, beside: string): string {
  return `${beside.slice(0, beside.lastIndexOf('/') + 1)}${short}`;
}

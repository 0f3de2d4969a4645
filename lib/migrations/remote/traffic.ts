import { DescribeServicesCommand, type ECSClient, type TaskSet } from '@aws-sdk/client-ecs';
import type { Problem } from '../report';

/** The service whose releases share the database. */
export interface ServiceName {
  /** Its cluster. */
  readonly cluster: string;
  /** Its own name. */
  readonly service: string;
}

/**
 * What speaks against a contract migration while ECS is looked at: tasks of a second release, or a release that has not
 * settled. Empty when exactly one release has tasks and no more are wanted than run.
 */
export async function trafficProblems(client: ECSClient, name: ServiceName): Promise<readonly Problem[]> {
  const { services } = await client.send(
    new DescribeServicesCommand({ cluster: name.cluster, services: [name.service] }),
  );
  const service = services?.find(({ status }) => status === 'ACTIVE');
  if (service === undefined) return [];
  const withTasks = (service.taskSets ?? []).filter(
    ({ runningCount = 0, pendingCount = 0 }) => runningCount + pendingCount > 0,
  );
  if (withTasks.length > 1)
    return [problem(`${withTasks.length} releases have tasks: ${withTasks.map(describe).join(', ')}`, name)];
  const unsettled = withTasks.find(
    (set) => set.stabilityStatus === 'STABILIZING' || (set.pendingCount ?? 0) > 0,
  );
  if (unsettled) return [problem(`a deployment is in progress: ${describe(unsettled)}`, name)];
  // A service that ECS itself rolls has deployments where one of CodeDeploy has task sets.
  const rolling = (service.deployments ?? []).filter(({ runningCount = 0 }) => runningCount > 0);
  if (rolling.length > 1) return [problem(`${rolling.length} deployments have tasks`, name)];
  return [];
}

function describe(set: TaskSet): string {
  const definition = set.taskDefinition?.split('/').at(-1) ?? 'an unknown task definition';
  return `${definition} (${set.status ?? 'UNKNOWN'}, ${set.runningCount ?? 0} running, ${set.pendingCount ?? 0} pending)`;
}

function problem(what: string, { service }: ServiceName): Problem {
  return {
    code: 'older-release-has-tasks',
    message: `The contract phase waits: of ${service}, ${what}.`,
    mend: 'Nothing: it runs with the next execution once the older tasks have ended. To hasten it, let CodeDeploy end them.',
  };
}

import { DescribeServicesCommand, type ECSClient, type TaskSet } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { type Deployment, deploymentSchema, isOver } from '../codedeploy/model/deployment';
import type { Forwarding } from '../load-balancer/load-balancer';
import { callSupervisor, type Control, reportOf } from '../supervisor';

/** Who has the traffic, by the parts themselves and not by the release's own words. */
export interface State {
  /** Task definition of the PRIMARY task set, as `family:revision`. */
  readonly live: string;
  /** Percent of the public listener's traffic that goes to it. */
  readonly share: number;
  /** Deployments under way. */
  readonly underWay: readonly string[];
}

const PUBLIC_PORT = 443;

/** A service and what moves its traffic. */
export interface Watched {
  /** ECS with its task sets. */
  readonly ecs: ECSClient;
  /** The load balancer. */
  readonly supervisor: Control;
  /** CodeDeploy's stand-in. */
  readonly codeDeploy: Control;
  /** Name of the cluster. */
  readonly cluster: string;
  /** Name of the service. */
  readonly service: string;
}

/** How a service stands. */
export async function stateOf(watched: Watched): Promise<State> {
  const primary = await primaryOf(watched);
  const shares = await sharesOf(watched.supervisor);
  const all = shares.reduce((sum, { weight }) => sum + weight, 0);
  const group = primary.loadBalancers?.[0]?.targetGroupArn;
  const own = shares.find(({ targetGroupArn }) => targetGroupArn === group)?.weight ?? 0;
  const running = (await deploymentsOf(watched.codeDeploy)).filter((deployment) => !isOver(deployment));
  return {
    live: (primary.taskDefinition ?? '').replace(/^.*\//, ''),
    share: all === 0 ? 0 : (100 * own) / all,
    underWay: running.map(({ id }) => id),
  };
}

/** Deployments that CodeDeploy's stand-in keeps, the oldest first. */
export async function deploymentsOf(codeDeploy: Control): Promise<readonly Deployment[]> {
  const told = await callSupervisor(codeDeploy, 'status');
  return z
    .object({ deployments: z.array(deploymentSchema) })
    .parse(told)
    .deployments.toSorted((a, b) => a.createTime - b.createTime);
}

async function primaryOf({ ecs, cluster, service }: Watched): Promise<TaskSet> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  const primary = services[0]?.taskSets?.find(({ status }) => status === 'PRIMARY');
  if (primary === undefined) throw new Error(`The service ${service} has no PRIMARY task set.`);
  return primary;
}

async function sharesOf(supervisor: Control): Promise<Forwarding['groups']> {
  const { listeners } = await reportOf(supervisor);
  const listener = listeners.find(({ listenerPort }) => listenerPort === PUBLIC_PORT);
  if (listener === undefined) throw new Error('The load balancer has no public listener.');
  const told = (await callSupervisor(supervisor, 'forwards', {
    listenerArn: listener.arn,
  })) as readonly Forwarding[];
  return told.at(-1)?.groups ?? [];
}

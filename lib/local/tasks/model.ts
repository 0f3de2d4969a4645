import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { TargetAddress } from '../load-balancer/model';

/** Where a service's tasks are registered. */
export interface Registration {
  /** Target group. */
  readonly targetGroupArn: string;
  /** Port of the container, as the definition names it. */
  readonly containerPort: number;
}

/** A service as the runner follows it. */
export interface Service {
  /** ARN. */
  readonly arn: string;
  /** ARN of its cluster. */
  readonly clusterArn: string;
  /** Name. */
  readonly name: string;
  /** How many tasks there shall be. */
  readonly desired: number;
  /** Seconds after its start in which a task's health at the load balancer does not count. */
  readonly graceSeconds: number;
  /** Subnets that its tasks stand in. */
  readonly subnets: readonly string[];
  /** Where its tasks are registered; nothing when there is no load balancer. */
  readonly registration?: Registration;
  /** What its tasks are made from; of one that CodeDeploy owns, the newest revision of its family. */
  readonly definition: TaskDefinition;
  /** Whether CodeDeploy owns it. */
  readonly frozen: boolean;
}

/** States of a task, as ECS names them. */
export type TaskStatus = 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

/** What a container's health check says. */
export type ContainerHealth = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

/** The load balancer, as far as the runner needs it. */
export interface Balancing {
  /** Looks at the emulator's target groups now. */
  refresh(): Promise<void>;
  /** State of a target, as ELB names it; nothing when it is not registered. */
  stateOf(targetGroupArn: string, address: TargetAddress): string | undefined;
  /** Waits until a deregistered target has finished its requests. */
  drained(targetGroupArn: string, address: TargetAddress): Promise<void>;
}

/** A task that cannot start, worded as ECS words it. */
export class TaskStartError extends Error {
  /** @param reason - such as `ResourceInitializationError: …` */
  constructor(reason: string) {
    super(reason);
    this.name = 'TaskStartError';
  }
}

/** The one container of a definition: the platform's tasks have no sidecars, and the runner refuses those that do. */
export function onlyContainer(definition: TaskDefinition): ContainerDefinition {
  const [container, ...others] = definition.containerDefinitions ?? [];
  if (container === undefined || others.length > 0)
    throw new TaskStartError(
      `CannotStart: ${definition.family ?? ''} has ${others.length + 1} containers, the local runner runs one.`,
    );
  return container;
}

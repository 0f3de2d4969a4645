import type { Application, DeploymentConfig, DeploymentGroup } from './model/catalogue';

/** Time, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits for real milliseconds; ends early, without an error, when the signal says so. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Names an ECS service. */
export interface ServiceName {
  /** Cluster. */
  readonly cluster: string;
  /** Service. */
  readonly service: string;
}

/** A task set of a service. */
export interface TaskSet {
  /** Such as `ecs-svc/9223370493425779968`. */
  readonly id: string;
  /** ARN of the revision it runs. */
  readonly taskDefinition: string;
  /** Name of the target group its tasks are registered with. */
  readonly targetGroup: string;
  /** Part it plays in the service. */
  readonly status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  /** Tasks there shall be. */
  readonly desired: number;
  /** Tasks that are being started. */
  readonly pending: number;
  /** Tasks that run. */
  readonly running: number;
  /** Whether ECS would say STEADY_STATE: all run, and are well for container and load balancer. */
  readonly steady: boolean;
}

/** What a new task set is made from. */
export interface TaskSetWish {
  /** ARN of the revision. */
  readonly taskDefinition: string;
  /** Name of the target group. */
  readonly targetGroup: string;
  /** Container that takes the traffic. */
  readonly containerName: string;
  /** Its port. */
  readonly containerPort: number;
  /** The deployment; a second wish of the same deployment finds the task set of the first. */
  readonly externalId: string;
}

/** ECS, as far as CodeDeploy uses it. */
export interface TaskSets {
  /** Task sets of a service. */
  of(name: ServiceName): Promise<readonly TaskSet[]>;
  /** CreateTaskSet. */
  create(name: ServiceName, wish: TaskSetWish): Promise<TaskSet>;
  /** UpdateServicePrimaryTaskSet. */
  makePrimary(name: ServiceName, id: string): Promise<void>;
  /** DeleteTaskSet with force; one that is gone already is no error. */
  remove(name: ServiceName, id: string): Promise<void>;
}

/** A target group's share of a route's requests. */
export interface Share {
  /** Name of the target group. */
  readonly group: string;
  /** Percent, 0 to 100. */
  readonly weight: number;
}

/** The load balancer, as far as CodeDeploy uses it. */
export interface Traffic {
  /**
   * What every forward of a listener to one of the groups gives it: its default and its rules.
   * @throws Error when there is no such listener
   */
  routes(listenerArn: string, groups: readonly string[]): Promise<readonly (readonly Share[])[]>;
  /** Gives every forward of the listener that goes to one of the groups these shares. `settled` when it is to stay. */
  send(listenerArn: string, shares: readonly Share[], settled: boolean): Promise<void>;
}

/** State of an alarm, as CloudWatch names it. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** CloudWatch's alarms. */
export interface Alarms {
  /** State by name. @throws Error when they cannot be read or one is not there */
  states(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>>;
}

/** Lambda. */
export interface Functions {
  /** Runs a function to its end; answers the error that it ended with, if it did. */
  invoke(nameOrArn: string, payload: object): Promise<{ readonly error?: string }>;
}

/** What was deployed of CodeDeploy's own. */
export interface Catalogue {
  /** Applications. */
  applications(): Promise<readonly Application[]>;
  /** Deployment groups of all applications. */
  groups(): Promise<readonly DeploymentGroup[]>;
  /** The account's own deployment configurations. */
  configs(): Promise<readonly DeploymentConfig[]>;
}

/** What stands behind CodeDeploy in one account. */
export interface Estate {
  /** See {@link TaskSets}. */
  readonly taskSets: TaskSets;
  /** See {@link Traffic}. */
  readonly traffic: Traffic;
  /** See {@link Alarms}. */
  readonly alarms: Alarms;
  /** See {@link Functions}. */
  readonly functions: Functions;
  /** See {@link Catalogue}. */
  readonly catalogue: Catalogue;
}

import type { DeploymentConfig, DeploymentGroup } from '../../../../lib/local/codedeploy/model/catalogue';
import type {
  AlarmState,
  Clock,
  Estate,
  Share,
  TaskSet,
  TaskSetWish,
} from '../../../../lib/local/codedeploy/ports';

export const PRODUCTION = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/lb/1/443';
export const TESTS = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/lb/1/8443';

/** Time that stands until it is told to pass. */
export class StandingClock implements Clock {
  private at = 1_543_431_361_022;
  private readonly sleepers = new Set<{ until: number; wake: () => void }>();

  now(): number {
    return this.at;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { until: this.at + milliseconds, wake: (): void => undefined };
      sleeper.wake = () => {
        this.sleepers.delete(sleeper);
        signal?.removeEventListener('abort', sleeper.wake);
        resolve();
      };
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      this.sleepers.add(sleeper);
    });
  }

  /** Lets so many seconds pass, everything due in its order. */
  async pass(seconds: number): Promise<void> {
    const end = this.at + seconds * 1000;
    for (;;) {
      await settle();
      const next = [...this.sleepers].sort((a, b) => a.until - b.until)[0];
      if (next === undefined || next.until > end) break;
      this.at = Math.max(this.at, next.until);
      next.wake();
    }
    this.at = end;
    await settle();
  }
}

/** Lets everything go on that waits for no time. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What stands behind CodeDeploy, in memory: a service with its first task set in the first group. */
export class FakeEstate implements Estate {
  /** Everything that was done, in its order. */
  readonly log: string[] = [];
  /** Whether new task sets become steady. */
  steady = true;
  readonly sets: TaskSet[] = [setOf('ecs-svc/1', definition(1), 'one', 'PRIMARY')];
  readonly shares = new Map<string, readonly (readonly Share[])[]>([
    [PRODUCTION, [[{ group: 'one', weight: 1 }]]],
    [TESTS, [[{ group: 'one', weight: 1 }]]],
  ]);
  readonly alarmStates = new Map<string, AlarmState>([
    ['errors', 'OK'],
    ['latency', 'OK'],
  ]);
  readonly invoked: { name: string; payload: Record<string, string> }[] = [];
  /** What a function does when it is invoked; reports nothing by itself. */
  onInvoke: (name: string, payload: Record<string, string>) => Promise<{ error?: string }> = () =>
    Promise.resolve({});
  group: DeploymentGroup = groupOf();
  readonly ownConfigs: DeploymentConfig[] = [];
  private made = 1;
  /** Makes calls of this kind fail. */
  broken = '';

  readonly taskSets = {
    of: () => Promise.resolve(this.sets.map((set) => ({ ...set }))),
    create: (_service: unknown, wish: TaskSetWish) => {
      this.fail('create');
      this.log.push(`create ${wish.taskDefinition.split('/')[1] ?? ''} in ${wish.targetGroup}`);
      this.made += 1;
      const set = setOf(`ecs-svc/${this.made}`, wish.taskDefinition, wish.targetGroup, 'ACTIVE');
      this.sets.push(this.steady ? set : { ...set, running: 0, pending: 1, steady: false });
      return Promise.resolve(set);
    },
    makePrimary: (_service: unknown, id: string) => {
      this.log.push(`primary ${id}`);
      for (const [index, set] of this.sets.entries())
        this.sets[index] = { ...set, status: set.id === id ? 'PRIMARY' : 'ACTIVE' };
      return Promise.resolve();
    },
    remove: (_service: unknown, id: string) => {
      this.log.push(`remove ${id}`);
      this.sets.splice(
        this.sets.findIndex((set) => set.id === id),
        1,
      );
      return Promise.resolve();
    },
  };

  readonly traffic = {
    routes: (listener: string) => {
      const found = this.shares.get(listener);
      return found === undefined
        ? Promise.reject(new Error(`no listener ${listener}`))
        : Promise.resolve(found);
    },
    send: (listener: string, shares: readonly Share[], settled: boolean) => {
      this.fail('send');
      const told = shares.map(({ group, weight }) => `${group}:${weight}`).join(' ');
      this.log.push(
        `${listener === PRODUCTION ? 'production' : 'tests'} ${told}${settled ? '' : ' (for now)'}`,
      );
      this.shares.set(listener, [shares]);
      return Promise.resolve();
    },
  };

  readonly alarms = {
    states: () => {
      if (this.broken === 'alarms') return Promise.reject(new Error('AccessDenied'));
      return Promise.resolve(new Map(this.alarmStates));
    },
  };

  readonly functions = {
    invoke: (name: string, payload: object) => {
      const told = payload as Record<string, string>;
      this.log.push(`invoke ${name}`);
      this.invoked.push({ name, payload: told });
      return this.onInvoke(name, told);
    },
  };

  readonly catalogue = {
    applications: () =>
      Promise.resolve([
        { applicationName: 'api', applicationId: 'a-1', computePlatform: 'ECS' as const },
        { applicationName: 'functions', applicationId: 'a-2', computePlatform: 'Lambda' as const },
      ]),
    groups: () => Promise.resolve([this.group, { ...this.group, applicationName: 'functions' }]),
    configs: () => Promise.resolve(this.ownConfigs),
  };

  /** Task sets by part. */
  parts(): string[] {
    return this.sets.map(({ id, status }) => `${id} ${status}`);
  }

  private fail(kind: string): void {
    if (this.broken === kind) throw new Error(`${kind} does not work`);
  }
}

/** ARN of a revision. */
export function definition(revision: number): string {
  return `arn:aws:ecs:us-east-1:000000000000:task-definition/api:${revision}`;
}

function setOf(
  id: string,
  taskDefinition: string,
  targetGroup: string,
  status: 'PRIMARY' | 'ACTIVE',
): TaskSet {
  return { id, taskDefinition, targetGroup, status, desired: 1, pending: 0, running: 1, steady: true };
}

/** A deployment group as most tests want it. */
export function groupOf(changes: Partial<DeploymentGroup> = {}): DeploymentGroup {
  return {
    applicationName: 'api',
    deploymentGroupName: 'live',
    deploymentGroupId: 'g-1',
    deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce',
    serviceRoleArn: 'arn:aws:iam::000000000000:role/codedeploy',
    alarmConfiguration: {
      enabled: true,
      ignorePollAlarmFailure: false,
      alarms: [{ name: 'errors' }, { name: 'latency' }],
    },
    autoRollbackConfiguration: {
      enabled: true,
      events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT', waitTimeInMinutes: 0 },
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 30 },
    },
    ecsServices: [{ clusterName: 'main', serviceName: 'api' }],
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: 'one' }, { name: 'two' }],
          prodTrafficRoute: { listenerArns: [PRODUCTION] },
          testTrafficRoute: { listenerArns: [TESTS] },
        },
      ],
    },
    ...changes,
  };
}

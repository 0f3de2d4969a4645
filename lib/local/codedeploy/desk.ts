import { randomInt } from 'node:crypto';
import { readAppSpec } from './appspec';
import { routesOf } from './lifecycle/begin';
import { conduct } from './lifecycle/conduct';
import { Ended } from './lifecycle/ended';
import { reroute } from './lifecycle/reroute';
import { type Behaviour, Run } from './lifecycle/run';
import { type Deployment, EVENTS, groupKey, isOver, type Revision } from './model/deployment';
import type { Clock, Estate } from './ports';
import { Refusal } from './protocol/refusal';
import type { Store } from './store';

/** What the desk is made from. */
export interface DeskProps {
  /** What stands behind CodeDeploy in an account; nothing for an account that is not known. */
  readonly estateOf: (account: string) => Estate | undefined;
  /** Keeps deployments. */
  readonly store: Store;
  /** Time. */
  readonly clock: Clock;
  /** How it goes at this moment. */
  readonly behaviour: () => Behaviour;
}

/** What a new deployment is made from; the rest of it follows. */
export type Order = Pick<
  Deployment,
  | 'account'
  | 'group'
  | 'configName'
  | 'routing'
  | 'revision'
  | 'description'
  | 'autoRollback'
  | 'alarms'
  | 'overrideAlarms'
>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Takes orders for deployments and runs them, one for each group. */
export class Desk {
  private readonly runs = new Map<string, Run>();

  constructor(private readonly props: DeskProps) {}

  /** Deployments, kept. */
  get store(): Store {
    return this.props.store;
  }

  /** How it goes at this moment. */
  get behaviour(): Behaviour {
    return this.props.behaviour();
  }

  /** What stands behind an account. */
  estateOf(account: string): Estate {
    const estate = this.props.estateOf(account);
    if (estate === undefined)
      throw new Refusal('UnrecognizedClient', `The account ${account} is not one of this stand-in's.`);
    return estate;
  }

  /** Goes on with what an earlier process has left. */
  resume(): void {
    for (const deployment of this.store.all()) if (!isOver(deployment)) this.start(deployment);
  }

  /** Lets go of what runs, as a process that ends does: it stays as it is kept. */
  leave(): void {
    for (const run of this.runs.values()) run.leave();
    this.runs.clear();
  }

  /** Begins a deployment. @throws Refusal when the group has one already */
  create(order: Order): Deployment {
    const running = this.running(order);
    if (running !== undefined)
      throw new Refusal(
        'DeploymentLimitExceeded',
        `The Deployment Group '${order.group.deploymentGroupName}' already has an active Deployment '${running.id}'`,
      );
    const previous = this.lastSucceeded(order)?.revision;
    const hasTest = routesOf(order).test !== undefined;
    const names = EVENTS.filter((name) => hasTest || !/TestTraffic$/.test(name));
    const deployment: Deployment = {
      ...order,
      id: this.newId(),
      creator: 'user',
      status: 'Created',
      createTime: this.props.clock.now(),
      ...(previous === undefined ? {} : { previousRevision: previous }),
      events: names.map((name) => ({ name, status: 'Pending' })),
      shifted: 0,
      continued: [],
    };
    this.store.save(deployment);
    this.start(deployment);
    return deployment;
  }

  /** Asks a deployment to stop. @returns whether nothing of it runs any more */
  stop(deployment: Deployment, rollback: boolean | undefined): boolean {
    deployment.stop ??= rollback === undefined ? {} : { rollback };
    this.store.save(deployment);
    const during = deployment.events.some(({ status }) => status === 'InProgress');
    this.runs
      .get(deployment.id)
      ?.interrupt(
        new Ended(
          'Stopped',
          'MANUAL_STOP',
          'The deployment was stopped because of a request.',
          'DEPLOYMENT_STOP_ON_REQUEST',
        ),
      );
    return !during;
  }

  /** Lets a deployment look again at what it waits for. */
  poke({ id }: Deployment): void {
    this.runs.get(id)?.poke();
  }

  /** The last of a group that succeeded. */
  lastSucceeded(of: Pick<Deployment, 'account' | 'group'>): Deployment | undefined {
    return this.ofGroup(of).findLast(({ status }) => status === 'Succeeded');
  }

  /** The deployments of a group, the oldest first. */
  ofGroup(of: Pick<Deployment, 'account' | 'group'>): readonly Deployment[] {
    return this.store.all().filter((deployment) => groupKey(deployment) === groupKey(of));
  }

  private running(of: Pick<Deployment, 'account' | 'group'>): Deployment | undefined {
    return this.ofGroup(of).find((deployment) => !isOver(deployment));
  }

  private start(deployment: Deployment): void {
    const { clock, behaviour } = this.props;
    const estate = this.estateOf(deployment.account);
    const save = (): void => this.store.save(deployment);
    const run = new Run({ deployment, estate, clock, behaviour, save });
    this.runs.set(deployment.id, run);
    const rollback = deployment.creator === 'codeDeployRollback';
    const work = rollback ? reroute(run) : conduct(run, (failedRun) => this.takeBack(failedRun));
    void work.finally(() => this.runs.delete(deployment.id));
    if (deployment.stop !== undefined && !rollback) this.stop(deployment, undefined);
  }

  /** Begins the rollback of a deployment that ends at this moment, as a deployment of its own. */
  private takeBack(ended: Deployment): void {
    const { rollbackEvents, rollbackLinks: links } = this.behaviour.switches;
    const message = `Deployment ${ended.id} is rolled back: ${ended.error?.message ?? ''}`;
    const rollback: Deployment = {
      ...structuredClone(ended),
      id: this.newId(),
      creator: 'codeDeployRollback',
      status: 'Created',
      createTime: ended.completeTime ?? this.props.clock.now(),
      revision: ended.previousRevision ?? revisionOf(ended),
      events:
        rollbackEvents === 'all'
          ? ended.events.map(({ name }) => ({
              name,
              status: name === 'AllowTraffic' ? 'Pending' : 'Skipped',
            }))
          : [{ name: 'AllowTraffic', status: 'Pending' }],
      autoRollback: { enabled: false, events: [] },
      rollback: { ...(links !== 'failed-only' && { triggeredBy: ended.id }), message },
    };
    for (const key of ['startTime', 'completeTime', 'error', 'stop', 'waitSince', 'description'] as const)
      Reflect.deleteProperty(rollback, key);
    ended.rollback = { ...(links !== 'rollback-only' && { deploymentId: rollback.id }), message };
    this.store.save(rollback);
    this.start(rollback);
  }

  private newId(): string {
    const letters = Array.from({ length: 9 }, () => ALPHABET[randomInt(ALPHABET.length)]);
    return `d-${letters.join('')}`;
  }
}

/** What the original task set runs, as a revision: the first deployment of a group has no earlier one. */
function revisionOf({ blue, revision }: Deployment): Revision {
  return readAppSpec(
    JSON.stringify({
      version: '0.0',
      Resources: [
        {
          TargetService: {
            Type: 'AWS::ECS::Service',
            Properties: {
              TaskDefinition: blue?.taskDefinition,
              LoadBalancerInfo: {
                ContainerName: revision.containerName,
                ContainerPort: revision.containerPort,
              },
            },
          },
        },
      ],
    }),
  );
}

import { createHash } from 'node:crypto';
import type { AwsAnswer } from '../../support/aws-server';
import { StillClock } from './clock';
import { FakeDeployment, type Plan } from './fake-deployment';

const ECS = 'arn:aws:ecs:us-east-1:111122223333';
const EPOCH = Date.parse('2026-03-01T10:00:00.000Z');

/** ARN of a revision of the fake's only family. */
export const revision = (number: number): string => `${ECS}:task-definition/telehealth-test-api:${number}`;

/** What is asked, as JSON has it. */
export type Body = Record<string, unknown>;

/** What is answered to each operation. */
export type Handlers = Readonly<Record<string, (body: Body) => object>>;

/** CodeDeploy, whose deployments go as a test has planned them. */
export class FakeCodeDeploy {
  readonly clock = new StillClock(new Date(EPOCH));
  readonly deployments: FakeDeployment[] = [];
  /** What the next deployments do, in order; the last plan stays. */
  plans: Plan[] = [{}];
  /** What has the traffic. */
  live = revision(1);

  /** A deployment that somebody else began. */
  begin(
    taskDefinition: string,
    plan: Plan = {},
    description = 'release of 3333333 by somebody',
  ): FakeDeployment {
    const sha256 = createHash('sha256').update(taskDefinition).digest('hex');
    const made = new FakeDeployment(
      `d-OTHER${String(this.deployments.length).padStart(4, '0')}`,
      this.clock.now(),
      taskDefinition,
      sha256,
      description,
      plan,
    );
    this.deployments.push(made);
    return made;
  }

  /** What has happened since the last call: what is over moves the traffic, what failed is taken back. */
  protected settle(): void {
    const now = this.clock.now();
    for (const deployment of [...this.deployments]) {
      const over = deployment.over(now);
      if (over?.status === 'Succeeded' && !deployment.takesBack && this.current(deployment))
        this.live = deployment.taskDefinition;
      const failed = over && over.status !== 'Succeeded' && !deployment.takesBack;
      const { rollsBack = true, wayBack } = deployment.plan;
      if (!failed || !rollsBack || wayBack === 'never' || !deployment.installed) continue;
      if (this.deployments.some(({ takesBack }) => takesBack === deployment)) continue;
      this.deployments.push(
        new FakeDeployment(`${deployment.id}-BACK`, over.at, this.live, 'ba5e', '', {}, deployment),
      );
    }
  }

  private current(deployment: FakeDeployment): boolean {
    return this.deployments.filter(({ takesBack }) => !takesBack).at(-1) === deployment;
  }

  private running(): FakeDeployment | undefined {
    return this.deployments.find((one) => !one.over(this.clock.now()));
  }

  private status(one: FakeDeployment): string {
    return one.over(this.clock.now())?.status ?? one.plan.runningStatus ?? 'InProgress';
  }

  private find(body: Body): FakeDeployment {
    const found = this.deployments.find(({ id }) => id === body.deploymentId);
    if (!found) throw new Error(`no deployment ${String(body.deploymentId)}`);
    return found;
  }

  private readonly seconds = (at: number): number => (EPOCH + at) / 1_000;

  protected readonly codeDeploy: Handlers = {
    GetDeploymentGroup: () => {
      const last = this.deployments.at(-1);
      return {
        deploymentGroupInfo: {
          deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes',
          alarmConfiguration: { enabled: true, alarms: [{ name: 'api-5xx' }, { name: 'api-slow' }] },
          blueGreenDeploymentConfiguration: {
            terminateBlueInstancesOnDeploymentSuccess: {
              action: 'TERMINATE',
              terminationWaitTimeInMinutes: 5,
            },
          },
          ...(last && { lastAttemptedDeployment: { deploymentId: last.id, status: this.status(last) } }),
        },
      };
    },
    GetDeploymentConfig: () => ({
      deploymentConfigInfo: {
        trafficRoutingConfig: {
          type: 'TimeBasedCanary',
          timeBasedCanary: { canaryPercentage: 10, canaryInterval: 5 },
        },
      },
    }),
    ListDeployments: ({ includeOnlyStatuses, createTimeRange }) => ({
      deployments: this.deployments
        .filter(({ createdAt }) => {
          const { start = 0 } = (createTimeRange ?? {}) as { start?: number };
          return this.seconds(createdAt) >= start;
        })
        .filter((one) => !includeOnlyStatuses || (includeOnlyStatuses as string[]).includes(this.status(one)))
        .map(({ id }) => id),
    }),
    CreateDeployment: (body) => {
      const running = this.running();
      if (running) return error('DeploymentLimitExceededException', `${running.id} runs`);
      const { appSpecContent } = body.revision as { appSpecContent: { content: string; sha256: string } };
      const spec = JSON.parse(appSpecContent.content) as {
        Resources: [{ TargetService: { Properties: { TaskDefinition: string } } }];
      };
      const plan = this.plans.length > 1 ? this.plans.shift() : this.plans[0];
      const made = new FakeDeployment(
        `d-MADE${String(this.deployments.length).padStart(5, '0')}`,
        this.clock.now(),
        spec.Resources[0].TargetService.Properties.TaskDefinition,
        appSpecContent.sha256,
        String(body.description),
        plan ?? {},
      );
      this.deployments.push(made);
      return { deploymentId: made.id };
    },
    GetDeployment: (body) => {
      const one = this.find(body);
      const now = this.clock.now();
      const over = one.over(now);
      const back = this.deployments.find(({ takesBack }) => takesBack === one);
      return {
        deploymentInfo: {
          deploymentId: one.id,
          status: this.status(one),
          description: one.description,
          creator: one.takesBack ? 'codeDeployRollback' : 'user',
          createTime: this.seconds(one.createdAt),
          revision: { revisionType: 'AppSpecContent', appSpecContent: { sha256: one.sha256 } },
          autoRollbackConfiguration: { enabled: one.plan.rollsBack ?? true },
          ...(over && { completeTime: this.seconds(over.at) }),
          ...(over?.code && { errorInformation: { code: over.code, message: 'so it was planned' } }),
          ...(one.takesBack && { rollbackInfo: { rollbackTriggeringDeploymentId: one.takesBack.id } }),
          ...(back && one.tellsOfWayBack(now) && { rollbackInfo: { rollbackDeploymentId: back.id } }),
        },
      };
    },
    GetApplicationRevision: (body) => {
      const { sha256 } = (body.revision as { appSpecContent: { sha256: string } }).appSpecContent;
      const one = this.deployments.find((deployment) => deployment.sha256 === sha256);
      if (!one) return error('RevisionDoesNotExistException', sha256);
      const content = JSON.stringify({
        Resources: [{ TargetService: { Properties: { TaskDefinition: one.taskDefinition } } }],
      });
      return { revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256 } } };
    },
    ListDeploymentTargets: (body) =>
      this.clock.now() - this.find(body).createdAt < 1_000
        ? error('DeploymentNotStartedException', 'not yet')
        : { targetIds: ['cluster:service'] },
    BatchGetDeploymentTargets: (body) => {
      const one = this.find(body);
      const weight = one.weight(this.clock.now());
      return {
        deploymentTargets: [
          {
            deploymentTargetType: 'ECSTarget',
            ecsTarget: {
              targetId: 'cluster:service',
              lifecycleEvents: one.events(this.clock.now(), this.seconds),
              taskSetsInfo: [
                {
                  identifer: 'ecs-svc/1',
                  taskSetLabel: 'Blue',
                  trafficWeight: 100 - weight,
                  status: 'PRIMARY',
                },
                { identifer: 'ecs-svc/2', taskSetLabel: 'Green', trafficWeight: weight, status: 'ACTIVE' },
              ],
            },
          },
        ],
      };
    },
    StopDeployment: (body) => {
      const one = this.find(body);
      if (one.over(this.clock.now())) return error('DeploymentAlreadyCompletedException', 'it is over');
      one.stoppedAt = this.clock.now() + 1_500;
      return { status: 'Pending', statusMessage: 'a step is finishing' };
    },
  };
}

/** An error in the form of AWS's JSON protocols. */
export function error(name: string, message: string, status = 400): AwsAnswer & object {
  return { status, body: JSON.stringify({ __type: name, message }) };
}

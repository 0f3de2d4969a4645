import { createHash } from 'node:crypto';
import { releaseClients, type ReleaseClients } from '../../../lib/release/aws/clients';
import { RELEASE_OUTPUTS } from '../../../lib/release/outputs';
import { type AwsAnswer, type AwsCall, AwsServer } from '../../support/aws-server';
import { StillClock } from './clock';
import { FakeDeployment, type Plan } from './fake-deployment';
import { fakeImage, labelsOf } from './fake-image';

export const REGISTRY = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const ECS = 'arn:aws:ecs:us-east-1:111122223333';
const EPOCH = Date.parse('2026-03-01T10:00:00.000Z');

export const DIGESTS = {
  old: `sha256:${'a'.repeat(64)}`,
  new: `sha256:${'b'.repeat(64)}`,
  quick: fakeImage(labelsOf('c'.repeat(40))).digest,
} as const;

/** ARN of a revision of the fake's only family. */
export const revision = (number: number): string => `${ECS}:task-definition/telehealth-test-api:${number}`;

type Body = Record<string, unknown>;

/**
 * The services that a release speaks to, by their wire protocols and with as much behind them as a test of the tools
 * needs. It is not the stand-in of the rehearsal: what a test wants to happen is planned beforehand.
 */
export class FakeAws {
  readonly clock = new StillClock(new Date(EPOCH));
  readonly deployments: FakeDeployment[] = [];
  readonly records: Body[] = [];
  readonly events: Body[] = [];
  readonly metrics: Body[] = [];
  readonly definitions = new Map<string, Body>();
  /** What the next deployments do, in order; the last plan stays. */
  plans: Plan[] = [{}];
  application = 'app';
  group = 'group';
  live = revision(1);
  wanted = revision(2);
  alarms: string[] = [];
  images: Body[] = [];
  /** What the registry hands out of the image that is asked for. */
  pushed = fakeImage(labelsOf('c'.repeat(40)));
  /** Looks at each call first; what it answers is answered. */
  fault: (call: AwsCall) => AwsAnswer | undefined = () => undefined;
  server!: AwsServer;
  clients!: ReleaseClients;

  async start(): Promise<void> {
    this.server = await AwsServer.start((call) => this.fault(call) ?? this.answer(call));
    process.env.AWS_ENDPOINT_URL = this.server.endpoint;
    this.clients = releaseClients({
      region: 'us-east-1',
      credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    });
    for (const [number, commit, digest] of [
      [1, '1'.repeat(40), DIGESTS.old],
      [2, '2'.repeat(40), DIGESTS.new],
    ] as const)
      this.define(number, commit, digest);
  }

  async stop(): Promise<void> {
    delete process.env.AWS_ENDPOINT_URL;
    await this.server.stop();
  }

  calls(operation: string): AwsCall[] {
    return this.server.calls.filter((call) => call.operation === operation);
  }

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

  define(number: number, commit: string, digest: string): void {
    this.definitions.set(revision(number), {
      taskDefinitionArn: revision(number),
      family: 'telehealth-test-api',
      status: 'ACTIVE',
      revision: number,
      cpu: '256',
      memory: '512',
      taskRoleArn: 'arn:aws:iam::111122223333:role/task',
      compatibilities: ['FARGATE'],
      requiresAttributes: [{ name: 'x' }],
      containerDefinitions: [
        {
          name: 'api',
          image: `${REGISTRY}/telehealth/api@${digest}`,
          environment: [
            { name: 'PORT', value: '3000' },
            { name: 'VERSION', value: `0.1.0+${commit.slice(0, 12)}` },
            { name: 'COMMIT', value: commit },
          ],
        },
        { name: 'sidecar', image: 'other' },
      ],
    });
  }

  private answer(call: AwsCall): AwsAnswer {
    this.settle();
    if (call.operation === 'DescribeStacks') return { body: this.stacks() };
    if (call.line === `GET /${this.pushed.configurationDigest}`) return { body: this.pushed.configuration };
    const body = JSON.parse(call.body) as Body;
    const handler = this.handlers[call.operation];
    if (!handler) return error('UnknownOperationException', `${call.operation} is not here`);
    const answer = handler(body);
    return 'status' in answer && typeof answer.status === 'number'
      ? (answer as unknown as AwsAnswer)
      : { body: JSON.stringify(answer) };
  }

  /** What has happened since the last call: what is over moves the traffic, what failed is taken back. */
  private settle(): void {
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

  private readonly handlers: Readonly<Record<string, (body: Body) => object>> = {
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
    DescribeServices: () => ({
      services: [
        {
          status: 'ACTIVE',
          taskSets: [
            { status: 'ACTIVE', taskDefinition: 'arn:other' },
            { status: 'PRIMARY', taskDefinition: this.live, runningCount: 2, computedDesiredCount: 2 },
          ],
        },
      ],
    }),
    DescribeTaskDefinition: ({ taskDefinition }) => {
      const found = this.definitions.get(String(taskDefinition));
      return found
        ? {
            taskDefinition: found,
            tags: [
              { key: 'aws:x', value: 'y' },
              { key: 'Owner', value: 'platform' },
            ],
          }
        : error('ClientException', 'Unable to describe task definition.');
    },
    RegisterTaskDefinition: (body) => {
      const number = this.definitions.size + 1;
      const made = { ...body, taskDefinitionArn: revision(number), revision: number, status: 'ACTIVE' };
      this.definitions.set(revision(number), made);
      return { taskDefinition: made };
    },
    DescribeImages: () =>
      this.images.length > 0
        ? { imageDetails: this.images }
        : error('ImageNotFoundException', 'no such image'),
    BatchGetImage: () => ({ images: [{ imageManifest: this.pushed.manifest }] }),
    GetDownloadUrlForLayer: ({ layerDigest }) => ({
      downloadUrl: `${this.server.endpoint}/${String(layerDigest)}`,
    }),
    DescribeAlarms: () => ({ MetricAlarms: this.alarms.map((AlarmName) => ({ AlarmName })) }),
    PutMetricData: (body) => {
      this.metrics.push(body);
      return {};
    },
    PutItem: (body) => {
      const item = body.Item as Body;
      const key = JSON.stringify(item.release);
      if (this.records.some(({ release }) => JSON.stringify(release) === key))
        return error('ConditionalCheckFailedException', 'there already');
      this.records.push(item);
      return {};
    },
    Query: () => ({
      Items: [...this.records].sort((one, other) =>
        JSON.stringify(other.release).localeCompare(JSON.stringify(one.release)),
      ),
    }),
    PutEvents: (body) => {
      this.events.push(...(body.Entries as Body[]));
      return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
    },
  };

  private stacks(): string {
    const values: Readonly<Record<keyof typeof RELEASE_OUTPUTS, string>> = {
      application: this.application,
      group: this.group,
      cluster: 'cluster',
      service: 'service',
      taskDefinition: this.wanted,
      container: 'api',
      port: '3000',
      testTrafficHook: 'arn:aws:lambda:us-east-1:111122223333:function:test-traffic',
      trafficHook: 'arn:aws:lambda:us-east-1:111122223333:function:traffic',
      url: 'https://api.example.org',
      signIn: 'sign-in',
      table: 'releases',
      bus: 'bus',
      version: '2'.repeat(40),
    };
    const members = Object.entries(RELEASE_OUTPUTS)
      .map(
        ([field, name]) =>
          `<member><OutputKey>${name}</OutputKey><OutputValue>${values[field as keyof typeof values]}</OutputValue></member>`,
      )
      .join('');
    return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>Test-App</StackName><Outputs>${members}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  }
}

/** An error in the form of AWS's JSON protocols. */
export function error(name: string, message: string, status = 400): AwsAnswer & object {
  return { status, body: JSON.stringify({ __type: name, message }) };
}

import { releaseClients, type ReleaseClients } from '../../../lib/release/aws/clients';
import { RELEASE_OUTPUTS } from '../../../lib/release/outputs';
import { type AwsAnswer, type AwsCall, AwsServer } from '../../support/aws-server';
import { type Body, error, FakeCodeDeploy, type Handlers, revision } from './fake-codedeploy';
import { fakeImage, labelsOf } from './fake-image';

export { error, revision } from './fake-codedeploy';

export const REGISTRY = '111122223333.dkr.ecr.us-east-1.amazonaws.com';

export const DIGESTS = {
  old: `sha256:${'a'.repeat(64)}`,
  new: `sha256:${'b'.repeat(64)}`,
  quick: fakeImage(labelsOf('c'.repeat(40))).digest,
} as const;

/**
 * The services that a release speaks to, by their wire protocols and with as much behind them as a test of the tools
 * needs. It is not the stand-in of the rehearsal: what a test wants to happen is planned beforehand.
 */
export class FakeAws extends FakeCodeDeploy {
  readonly records: Body[] = [];
  readonly events: Body[] = [];
  readonly metrics: Body[] = [];
  readonly definitions = new Map<string, Body>();
  application = 'app';
  group = 'group';
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

  private readonly handlers: Handlers = {
    ...this.codeDeploy,
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
      publicTrafficHook: 'arn:aws:lambda:us-east-1:111122223333:function:public-traffic',
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

/** What every command of a release is given in a test: the services, their clock, and where its lines go. */
export const toolsOf = (aws: FakeAws, lines: string[]) => ({
  clients: aws.clients,
  clock: aws.clock,
  progress: (line: string) => void lines.push(line),
  signal: new AbortController().signal,
  stack: 'Test-App',
  environment: 'test',
});

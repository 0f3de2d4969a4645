import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import {
  CodeDeployClient,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  type DeploymentInfo,
  type ECSTarget,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  ListDeploymentsCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { openOffice, type Office } from '../../../../lib/local/codedeploy/office';
import { type Switches, switchesSchema } from '../../../../lib/local/codedeploy/switches';
import { definition, FakeEstate, settle, StandingClock } from './fakes';

/** The stand-in over HTTP, with what stands behind it in memory and time that stands. */
export class Bench {
  readonly clock = new StandingClock();
  switches: Switches = switchesSchema.parse({});
  limitSpeed = 1;
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codedeploy-'));
  private office: Office | undefined;
  client = new CodeDeployClient({});

  constructor(readonly estate = new FakeEstate()) {}

  /** Starts it; again after {@link close}, as another process would. */
  async open(): Promise<void> {
    this.office = await openOffice({
      port: 0,
      folder: this.folder,
      estateOf: (account) => (account === '000000000000' ? this.estate : undefined),
      accountOf: ({ accessKeyId }) => Promise.resolve(/^\d{12}$/.test(accessKeyId) ? accessKeyId : undefined),
      clock: this.clock,
      behaviour: () => ({ speed: 1, limitSpeed: this.limitSpeed, switches: this.switches }),
    });
    this.client = this.clientOf('000000000000');
  }

  /** The address. */
  get endpoint(): string {
    return this.office?.endpoint ?? '';
  }

  /** A client with keys of an account. */
  clientOf(accessKeyId: string): CodeDeployClient {
    const credentials = { accessKeyId, secretAccessKey: 'secret' };
    return new CodeDeployClient({
      endpoint: this.endpoint,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
  }

  /** Stops it; what it keeps stays. */
  async close(): Promise<void> {
    this.client.destroy();
    await this.office?.close();
  }

  /** Deletes what it keeps. */
  erase(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Begins a deployment of a revision, with hooks by event, and lets it get under way. */
  async deploy(
    revision: number,
    hooks: Readonly<Record<string, string>> = {},
    more: Partial<CreateDeploymentCommandInput> = {},
  ): Promise<string> {
    const { deploymentId = '' } = await this.client.send(
      new CreateDeploymentCommand({
        applicationName: 'api',
        deploymentGroupName: 'live',
        revision: { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec(revision, hooks) } },
        ...more,
      }),
    );
    await this.clock.pass(1);
    return deploymentId;
  }

  /** What GetDeployment says. */
  async info(deploymentId: string): Promise<DeploymentInfo> {
    const { deploymentInfo } = await this.client.send(new GetDeploymentCommand({ deploymentId }));
    return deploymentInfo!;
  }

  /** What GetDeploymentTarget says. */
  async target(deploymentId: string): Promise<ECSTarget> {
    const { deploymentTarget } = await this.client.send(
      new GetDeploymentTargetCommand({ deploymentId, targetId: 'main:api' }),
    );
    return deploymentTarget!.ecsTarget!;
  }

  /** Events as `name status`. */
  async events(deploymentId: string): Promise<string[]> {
    const { lifecycleEvents = [] } = await this.target(deploymentId);
    return lifecycleEvents.map(({ lifecycleEventName, status }) => `${lifecycleEventName} ${status}`);
  }

  /** Reports the hook that was invoked last. */
  async report(status: 'Succeeded' | 'Failed' | 'Pending'): Promise<void> {
    const { DeploymentId, LifecycleEventHookExecutionId } = this.estate.invoked.at(-1)!.payload;
    await this.client.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: DeploymentId,
        lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
        status,
      }),
    );
    await settle();
  }

  /** Ids of the group's deployments, the newest first. */
  async list(): Promise<string[]> {
    const { deployments = [] } = await this.client.send(
      new ListDeploymentsCommand({ applicationName: 'api', deploymentGroupName: 'live' }),
    );
    return deployments;
  }
}

/** An AppSpec as its reference page has it. */
export function appSpec(revision: number, hooks: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    version: 0.0,
    Resources: [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: definition(revision),
            LoadBalancerInfo: { ContainerName: 'api', ContainerPort: 8080 },
          },
        },
      },
    ],
    Hooks: Object.entries(hooks).map(([event, name]) => ({ [event]: name })),
  });
}

import * as path from 'node:path';
import { ECSClient } from '@aws-sdk/client-ecs';
import { rootKeys } from '../cloud';
import { toolsEnvironment } from '../run/tools-environment';
import { codeDeployEnvironment } from '../codedeploy';
import { Stacks } from '../deploy/stacks';
import type { Folders } from '../folders';
import { readSummary, type Summary } from '../run/summary';
import { callSupervisor, runningSupervisor } from '../supervisor';
import { type State, stateOf, type Watched } from './state';
import { withStepRole } from './steps';
import { call, type Called, type Calling } from './tools';
import { Versions } from './versions';

/** What a scenario is played on: the local environment, as `npm start` leaves it. */
export class Stage {
  /** Commands that have ended: their name and times in milliseconds since 1970. */
  readonly calls: { readonly program: string; readonly begun: number; readonly ended: number }[] = [];

  private constructor(
    /** Folders of the environment. */
    readonly folders: Folders,
    /** What its start found. */
    readonly summary: Summary,
    /** Its service and load balancer. */
    private readonly service: Omit<Watched, 'codeDeploy'>,
    /** Prepares versions. */
    readonly versions: Versions,
    /** Outputs of its stack. */
    readonly outputs: Readonly<Record<string, string>>,
    /** Folder of what commands say. */
    readonly logs: string,
  ) {}

  /** Name of the stack that holds the service. */
  get stack(): string {
    return STACK;
  }

  /** The service, and what moves its traffic: CodeDeploy's stand-in may have been started anew meanwhile. */
  get watched(): Watched {
    const codeDeploy = runningSupervisor(this.folders.codeDeploy);
    if (codeDeploy === undefined) throw new Error("CodeDeploy's stand-in does not run any more.");
    return { ...this.service, codeDeploy };
  }

  /** @throws Error when no environment runs in these folders */
  static async open(folders: Folders, logs: string): Promise<Stage> {
    const summary = readSummary(folders);
    const supervisor = runningSupervisor(folders.supervisor);
    const running = supervisor !== undefined && runningSupervisor(folders.codeDeploy) !== undefined;
    if (summary?.codeDeploy === undefined || !running)
      throw new Error(`Nothing runs in ${folders.root}: run "npm start" first.`);
    const { cloud } = summary;
    const outputs = (await new Stacks(cloud, STACK).outputs())[STACK] ?? {};
    const ecs = new ECSClient({
      ...{ region: cloud.region, credentials: rootKeys(cloud) },
      endpoint: codeDeployEnvironment(summary.codeDeploy).AWS_ENDPOINT_URL_ECS,
    });
    const { ReleaseCluster: cluster = '', ReleaseService: service = '' } = outputs;
    return new Stage(
      folders,
      summary,
      { ecs, supervisor, cluster, service },
      await Versions.open({ cloud, stack: STACK, images: path.join(folders.tasks, 'images') }),
      outputs,
      logs,
    );
  }

  /** Runs a program of the pipeline's steps on this environment, as the pipeline does: by variables alone. */
  step(program: string, variables: Readonly<Record<string, string>>): Promise<Called> {
    const { cloud } = this.summary;
    return withStepRole(
      cloud,
      (roleArn) =>
        call({
          program,
          args: [],
          log: this.log,
          directory: this.logs,
          environment: {
            ...toolsEnvironment(this.summary),
            ENVIRONMENT: 'local',
            REGION: cloud.region,
            ROLE_ARN: roleArn,
            APP_STACK: STACK,
            DATA_STACK,
            EXECUTION: 'scenario',
            ...variables,
          },
        }).ended,
    );
  }

  /** Begins a command of the repository on this environment. */
  begin(program: string, ...args: readonly string[]): Calling {
    const begun = Date.now();
    const calling = call({
      program,
      args: [...args, '--env', 'local', '--dir', this.folders.root],
      log: this.log,
    });
    void calling.ended.then(() => this.calls.push({ program, begun, ended: Date.now() }));
    return calling;
  }

  private get log(): string {
    return path.join(this.logs, 'commands.log');
  }

  /** Who has the traffic. */
  state(): Promise<State> {
    return stateOf(this.watched);
  }

  /** Sets how fast waits go. */
  async hasten(speed: number, limitSpeed = 1): Promise<void> {
    await callSupervisor(this.watched.codeDeploy, 'behaviour', { speed, limitSpeed, alarmSpeed: speed });
  }
}

const STACK = 'Local-App';
const DATA_STACK = 'Local-Data';

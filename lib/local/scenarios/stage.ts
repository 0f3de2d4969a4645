import * as path from 'node:path';
import { ECSClient } from '@aws-sdk/client-ecs';
import { rootKeys } from '../cloud';
import { codeDeployEnvironment } from '../codedeploy';
import { Stacks } from '../deploy/stacks';
import type { Folders } from '../folders';
import { readSummary, type Summary } from '../run/summary';
import { callSupervisor, runningSupervisor } from '../supervisor';
import { type State, stateOf, type Watched } from './state';
import { call, type Calling } from './tools';
import { Versions } from './versions';

/** What a scenario is played on: the local environment, as `npm start` leaves it. */
export class Stage {
  private constructor(
    /** Folders of the environment. */
    readonly folders: Folders,
    /** What its start found. */
    readonly summary: Summary,
    /** Its service, and what moves the traffic. */
    readonly watched: Watched,
    /** Prepares versions. */
    readonly versions: Versions,
    /** Folder of what commands say. */
    readonly logs: string,
  ) {}

  /** @throws Error when no environment runs in these folders */
  static async open(folders: Folders, logs: string): Promise<Stage> {
    const summary = readSummary(folders);
    const supervisor = runningSupervisor(folders.supervisor);
    const codeDeploy = runningSupervisor(folders.codeDeploy);
    if (summary?.codeDeploy === undefined || supervisor === undefined || codeDeploy === undefined)
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
      { ecs, supervisor, codeDeploy, cluster, service },
      await Versions.open({ cloud, stack: STACK, images: path.join(folders.tasks, 'images') }),
      logs,
    );
  }

  /** Begins a command of the repository on this environment. */
  begin(program: string, ...args: readonly string[]): Calling {
    return call({
      program,
      args: [...args, '--env', 'local', '--dir', this.folders.root],
      log: path.join(this.logs, 'commands.log'),
    });
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

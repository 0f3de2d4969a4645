import * as fs from 'node:fs';
import * as path from 'node:path';
import { startDaemon } from '../daemon';
import { endProcess, waitForExit } from '../processes';
import { callSupervisor, type Control, runningSupervisor } from '../supervisor';
import type { Settings } from './settings';

const STOP_MILLISECONDS = 10_000;

/** Environment by which SDK clients and the emulator's functions speak to the stand-in. */
export interface CodeDeployEnvironment {
  /** CodeDeploy. */
  readonly AWS_ENDPOINT_URL_CODEDEPLOY: string;
  /** ECS, the emulator's with the task sets added. */
  readonly AWS_ENDPOINT_URL_ECS: string;
}

/** See {@link CodeDeployEnvironment}. */
export function codeDeployEnvironment({
  port,
  ecsPort,
}: Pick<Settings, 'port' | 'ecsPort'>): CodeDeployEnvironment {
  return {
    AWS_ENDPOINT_URL_CODEDEPLOY: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${ecsPort}`,
  };
}

/** Starts the stand-in of CodeDeploy as a process of its own, or keeps the one that runs. */
export async function startCodeDeploy(settings: Settings): Promise<Control> {
  return startDaemon({
    name: 'codedeploy',
    entry: path.join(__dirname, 'main.ts'),
    folder: settings.folder,
    settings,
    stop: () => stopCodeDeploy(settings.folder),
  });
}

/** Stops it; deployments under way go on when it is started again. */
export async function stopCodeDeploy(folder: string): Promise<void> {
  const running = runningSupervisor(folder);
  if (running !== undefined) {
    await callSupervisor(running, 'stop').catch(() => undefined);
    if (!(await waitForExit(running.process, STOP_MILLISECONDS))) await endProcess(running.process, 1_000);
  }
  fs.rmSync(path.join(folder, 'control.json'), { force: true });
}

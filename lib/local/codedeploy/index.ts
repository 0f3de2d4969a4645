import * as fs from 'node:fs';
import * as path from 'node:path';
import { startDaemon } from '../daemon';
import { endProcess, waitForExit } from '../processes';
import type { PortBook } from '../ports';
import { callSupervisor, type Control, runningSupervisor } from '../supervisor';
import type { Settings } from './settings';

export { codeDeployEnvironment, type CodeDeployEnvironment } from './environment';

const STOP_MILLISECONDS = 10_000;

const CODE_DEPLOY_PORT = 24_666;
const ECS_PORT = 24_766;

/** The stand-in's ports: the same ones for good, since the emulator's functions know them from its start. */
export async function claimCodeDeploy(
  book: PortBook,
  folder: string,
): Promise<Pick<Settings, 'port' | 'ecsPort'>> {
  const standing = (): boolean => runningSupervisor(folder) !== undefined;
  return {
    port: await book.claim('codedeploy', CODE_DEPLOY_PORT, standing),
    ecsPort: await book.claim('ecs', ECS_PORT, standing),
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

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { WITHOUT_NODE_NOTICE } from '../cloud';
import { endProcess, isRunning, mark, waitForExit } from '../processes';
import { endLeftTasks } from '../tasks/task-runner';
import { callSupervisor, runningSupervisor, type Control } from './control';
import type { Settings } from './settings';

export { callSupervisor, reportOf, runningSupervisor, type Control } from './control';
export type { Report } from './report';

const START_MILLISECONDS = 20_000;
/** A task drains, and has up to Fargate's longest stop timeout, before it is killed. */
const STOP_MILLISECONDS = 170_000;

/**
 * Starts the supervisor as a process of its own, or keeps the one that runs when its program and settings are still
 * the same.
 *
 * @throws Error with the end of its log when it does not come up
 */
export async function startSupervisor(settings: Settings): Promise<Control> {
  const folder = settings.supervisor;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const program = build();
  const text = JSON.stringify(settings);
  const version = createHash('sha256').update(program).update(text).digest('hex');
  const versionFile = path.join(folder, 'version');
  const running = runningSupervisor(folder);
  if (running !== undefined) {
    if (fs.existsSync(versionFile) && fs.readFileSync(versionFile, 'utf8') === version) return running;
    await stopSupervisor(folder, settings.tasks);
  }
  const main = path.join(folder, 'main.js');
  const settingsFile = path.join(folder, 'settings.json');
  fs.writeFileSync(main, program);
  fs.writeFileSync(settingsFile, text, { mode: 0o600 });
  fs.writeFileSync(versionFile, version);
  return launch(folder, main, settingsFile);
}

function build(): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, 'main.ts')],
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function launch(folder: string, main: string, settingsFile: string): Promise<Control> {
  const logFile = path.join(folder, 'supervisor.log');
  const log = fs.openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [main, settingsFile], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...WITHOUT_NODE_NOTICE,
    },
  });
  fs.closeSync(log);
  if (child.pid === undefined) throw new Error('The supervisor could not be started.');
  child.unref();
  const born = mark(child.pid);
  const end = Date.now() + START_MILLISECONDS;
  for (;;) {
    const control = runningSupervisor(folder);
    if (control?.process.pid === child.pid) return control;
    if (!isRunning(born) || Date.now() > end) {
      await endProcess(born, 1_000);
      const tail = fs.readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
      throw new Error(`The supervisor did not start:\n${tail}`);
    }
    await sleep(50);
  }
}

/** Stops the supervisor of a folder and every task it runs, and what a killed one has left. */
export async function stopSupervisor(folder: string, tasks: string): Promise<void> {
  const running = runningSupervisor(folder);
  if (running !== undefined) {
    await callSupervisor(running, 'stop').catch(() => undefined);
    if (!(await waitForExit(running.process, STOP_MILLISECONDS))) await endProcess(running.process, 1_000);
  }
  fs.rmSync(path.join(folder, 'control.json'), { force: true });
  await endLeftTasks(tasks);
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { startDaemon } from '../daemon';
import { endProcess, waitForExit } from '../processes';
import { endLeftTasks } from '../tasks/task-runner';
import { callSupervisor, type Control, runningSupervisor } from './control';
import type { Settings } from './settings';

export { callSupervisor, reportOf, runningSupervisor, type Control } from './control';
export type { Report } from './report';

/** A task drains, and has up to Fargate's longest stop timeout, before it is killed. */
const STOP_MILLISECONDS = 170_000;

/**
 * Starts the supervisor as a process of its own, or keeps the one that runs when its program and settings are still
 * the same.
 *
 * @throws Error with the end of its log when it does not come up
 */
export async function startSupervisor(settings: Settings): Promise<Control> {
  return startDaemon({
    name: 'supervisor',
    entry: path.join(__dirname, 'main.ts'),
    folder: settings.supervisor,
    settings,
    stop: () => stopSupervisor(settings.supervisor, settings.tasks),
  });
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

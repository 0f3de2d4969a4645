import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as it was when it was written down: the number alone may be another's by now. */
export interface ProcessMark {
  /** Process number. */
  readonly pid: number;
  /** When the system says that it started; opaque, only compared. */
  readonly started: string;
}

/** When the process with this number started, or nothing when there is none. */
function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command may hold spaces and brackets: count from behind it. State is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    if (fs.existsSync('/proc/self/stat')) return undefined;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Writes a running process down; throws when there is none with this number. */
export function mark(pid: number): ProcessMark {
  const started = startOf(pid);
  if (started === undefined) throw new Error(`There is no process ${pid}.`);
  return { pid, started };
}

/** Whether exactly that process still runs, not another that was given its number. */
export function isRunning(process: ProcessMark): boolean {
  return startOf(process.pid) === process.started;
}

function signal(target: ProcessMark, name: NodeJS.Signals): void {
  try {
    process.kill(target.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Waits until the process is gone; answers whether it went within `milliseconds`. */
export async function waitForExit(target: ProcessMark, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (isRunning(target)) {
    if (Date.now() > end) return false;
    await sleep(25);
  }
  return true;
}

/** Ends the process: SIGTERM, `graceMilliseconds` of patience, SIGKILL. Does nothing when it is gone already. */
export async function endProcess(target: ProcessMark, graceMilliseconds: number): Promise<void> {
  if (!isRunning(target)) return;
  signal(target, 'SIGTERM');
  if (await waitForExit(target, graceMilliseconds)) return;
  if (isRunning(target)) signal(target, 'SIGKILL');
  await waitForExit(target, 5_000);
}

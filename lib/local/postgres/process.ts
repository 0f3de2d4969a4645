import * as fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What `postmaster.pid` tells of a server that runs. */
export interface Postmaster {
  /** Process id. */
  readonly pid: number;
  /** Port it listens on. */
  readonly port: number;
  /** Whether it takes connections. */
  readonly ready: boolean;
}

/**
 * The server that runs on a data folder. A file left by a killed one does not count, nor does a process of
 * another program that was given the same id since.
 */
export function runningServer(dataDir: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !commandLine(pid).includes(dataDir)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Removes the file of a server that is gone, which would stop PostgreSQL if its id were in use again. */
export function forgetDeadServer(dataDir: string): void {
  if (!runningServer(dataDir)) fs.rmSync(path.join(dataDir, 'postmaster.pid'), { force: true });
}

function commandLine(pid: number): string {
  try {
    return process.platform === 'linux'
      ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // no such process
  }
}

/** Waits until a condition holds; false when it did not within the time, in milliseconds. */
export async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  for (;;) {
    if (condition()) return true;
    if (Date.now() >= end) return false;
    await sleep(25);
  }
}

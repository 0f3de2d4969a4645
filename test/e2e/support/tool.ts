import { type ChildProcess, spawn } from 'node:child_process';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');

/** How a call of a tool ended. */
export interface Called {
  /** Exit code; null when it was killed. */
  readonly code: number | null;
  /** What it printed. */
  readonly stdout: string;
  /** What it told meanwhile. */
  readonly stderr: string;
}

/** A call that runs. */
export interface Calling {
  /** Its process. */
  readonly process: ChildProcess;
  /** Its end. */
  readonly ended: Promise<Called>;
}

/** Calls a program of `bin` for a local environment, as a person does through npm. */
export function callTool(program: 'migrate' | 'smoke', dir: string, ...args: readonly string[]): Calling {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(ROOT, `bin/${program}.ts`), ...args, '--env', 'local', '--dir', dir],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = new Promise<Called>((resolve) => child.once('close', (code) => resolve({ code, ...text })));
  return { process: child, ended };
}

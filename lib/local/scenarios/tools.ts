import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(__dirname, '../../..');
/** By its address, since a command may run in another folder. */
const TSX = pathToFileURL(require.resolve('tsx')).href;

/** How a command ended. */
export interface Called {
  /** Exit code; null when it was killed. */
  readonly code: number | null;
  /** Everything it said. */
  readonly output: string;
}

/** A command that runs. */
export interface Calling {
  /** Waits until it says something. @throws Error when it ends without */
  says(words: RegExp): Promise<void>;
  /** Sends it a signal. SIGKILL ends it, and what it has started, without a chance to say or do anything. */
  kill(signal: NodeJS.Signals): void;
  /** Its end. */
  readonly ended: Promise<Called>;
}

/** Calls a command of the repository, as a person does. */
export interface CallOptions {
  /** Name of the program in `bin`, such as `release`. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder that it runs in; the repository's root unless told. */
  readonly directory?: string;
  /** File that keeps what it says. */
  readonly log: string;
}

/** Begins a command. */
export function call({ program, args, environment, directory = ROOT, log }: CallOptions): Calling {
  fs.appendFileSync(log, `$ ${[program, ...args].join(' ')}\n`);
  const child = spawn(process.execPath, ['--import', TSX, path.join(ROOT, 'bin', `${program}.ts`), ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    // A group of its own: the command may go on as a process of its own, and a kill has to reach that, too.
    detached: true,
  });
  let output = '';
  const heard = (chunk: Buffer): void => {
    output += chunk.toString();
    fs.appendFileSync(log, chunk);
  };
  child.stdout.on('data', heard);
  child.stderr.on('data', heard);
  const ended = new Promise<Called>((resolve) => child.once('close', (code) => resolve({ code, output })));
  return {
    ended,
    kill: (signal) => {
      if (child.pid !== undefined) process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
    },
    says: (words) => waitFor(child, words, () => output),
  };
}

function waitFor(child: ChildProcess, words: RegExp, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (words.test(output())) resolve();
    };
    look();
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', () => reject(new Error(`It never said ${words.source}:\n${output()}`)));
  });
}

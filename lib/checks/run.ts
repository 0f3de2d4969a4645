import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Check } from './list';

/** How a check ended. */
export interface Outcome {
  /** The check's name. */
  readonly name: string;
  /** Tests that passed; one for a check that is not a run of jest. */
  readonly passed: number;
  /** Tests that failed; at least one when the check failed. */
  readonly failed: number;
  /** How long it took, in seconds. */
  readonly seconds: number;
  /** What it printed, both streams as they came. */
  readonly output: string;
}

/** What a run of checks needs from its caller. */
export interface RunOptions {
  /** Folder that the programs run in. */
  readonly root: string;
  /** Cores to share among the checks. */
  readonly cores: number;
  /** Environment of the programs. */
  readonly environment: NodeJS.ProcessEnv;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** Told of each check as it ends. */
  readonly onEnd: (outcome: Outcome) => void;
}

/** Runs one program and resolves to whether it succeeded; a program that cannot be started has failed. */
function runProgram(
  command: readonly string[],
  options: RunOptions,
  print: (text: string) => void,
): Promise<boolean> {
  const [program = '', ...parameters] = command;
  const file = program.includes('/') ? program : path.join(options.root, 'node_modules', '.bin', program);
  return new Promise((resolve) => {
    const child = spawn(file, parameters, {
      cwd: options.root,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', print);
    child.stderr.setEncoding('utf8').on('data', print);
    child.on('error', (error) => {
      print(`${error.message}\n`);
      resolve(false);
    });
    child.on('close', (code) => {
      resolve(code === 0);
    });
  });
}

/** What jest counted, or undefined when it wrote nothing. */
function countsIn(file: string): { readonly passed: number; readonly failed: number } | undefined {
  if (!fs.existsSync(file)) return undefined;
  const report = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, number>;
  return {
    passed: report['numPassedTests'] ?? 0,
    failed: (report['numFailedTests'] ?? 0) + (report['numRuntimeErrorTestSuites'] ?? 0),
  };
}

async function runCheck(check: Check, options: RunOptions): Promise<Outcome> {
  const counts = check.counts === undefined ? undefined : path.resolve(options.root, check.counts);
  if (counts !== undefined) fs.rmSync(counts, { force: true });
  const start = options.now();
  let output = '';
  let succeeded = true;
  for (const command of check.commands) {
    succeeded = await runProgram(command, options, (text) => (output += text));
    if (!succeeded) break;
  }
  const counted = counts === undefined ? { passed: 1, failed: 0 } : countsIn(counts);
  return {
    name: check.name,
    passed: succeeded || check.counts !== undefined ? (counted?.passed ?? 0) : 0,
    failed: succeeded && counted ? counted.failed : Math.max(1, counted?.failed ?? 0),
    seconds: (options.now() - start) / 1000,
    output,
  };
}

/**
 * Runs checks in their order, beside each other while there are cores for them.
 * @returns how each ended, in the order they were given
 */
export async function runChecks(list: readonly Check[], options: RunOptions): Promise<readonly Outcome[]> {
  const outcomes: Promise<Outcome>[] = [];
  const running = new Map<Promise<unknown>, number>();
  for (const check of list) {
    const cores = Math.min(check.cores, options.cores);
    while ([...running.values()].reduce((sum, used) => sum + used, cores) > options.cores)
      await Promise.race(running.keys());
    const outcome = runCheck(check, options);
    outcomes.push(outcome);
    const done = outcome.then((ended) => {
      running.delete(done);
      options.onEnd(ended);
    });
    running.set(done, cores);
  }
  await Promise.all(running.keys());
  return Promise.all(outcomes);
}

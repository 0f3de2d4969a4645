import { type ChildProcess, spawn } from 'node:child_process';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import type { Report } from '../../../../../lib/migrations/report';
import type { Task } from './task';

interface Line {
  readonly paused?: string;
  readonly report?: Report;
  readonly queries?: readonly string[];
  readonly thrown?: string;
}

/** Bundles the runner's program into a folder; it then starts in a tenth of a second. */
export function bundleRunner(folder: string): string {
  const outfile = path.join(folder, 'runner.cjs');
  buildSync({
    entryPoints: [path.join(__dirname, 'program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['pg-native'],
    logLevel: 'error',
  });
  return outfile;
}

/** A runner of migrations in a process of its own, as a function's is. */
export class RunnerProcess {
  private rest = '';
  private readonly lines: Line[] = [];
  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (this.rest + chunk).split('\n');
      this.rest = parts.pop() ?? '';
      for (const part of parts) this.lines.push(JSON.parse(part) as Line);
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.errors += chunk));
  }

  static start(program: string, task: Task): RunnerProcess {
    const child = spawn(process.execPath, [program], { stdio: 'pipe' });
    const runner = new RunnerProcess(child);
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(task));
    return runner;
  }

  /** Whether it stands still or has ended. */
  async pausedOrEnded(): Promise<'paused' | 'ended'> {
    await this.until(() => this.said('paused') !== undefined || this.hasEnded);
    return this.said('paused') === undefined ? 'ended' : 'paused';
  }

  /** Waits until it stands still. */
  async paused(): Promise<string> {
    if ((await this.pausedOrEnded()) === 'ended') throw new Error(`It ended: ${this.account()}`);
    return this.said('paused') ?? '';
  }

  /** Its answer. */
  async report(): Promise<Report> {
    await this.until(() => this.hasEnded && this.child.stdout?.readableEnded === true);
    const report = this.said('report');
    if (report === undefined) throw new Error(`It gave no report: ${this.account()}`);
    return report;
  }

  /** Every query of its first session, in order. */
  async queries(): Promise<readonly string[]> {
    await this.report();
    return this.said('queries') ?? [];
  }

  /** Lets it go on from where it stands still. */
  goOn(): void {
    this.child.kill('SIGUSR2');
  }

  /** Stops it as a function is frozen: it keeps its connections and does nothing; and back. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** kill -9, and the end of it. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.until(() => this.hasEnded);
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private said<Key extends keyof Line>(key: Key): Line[Key] | undefined {
    return this.lines.find((line) => line[key] !== undefined)?.[key];
  }

  private account(): string {
    return JSON.stringify(this.lines.at(-1) ?? null) + this.errors;
  }

  private async until(condition: () => boolean): Promise<void> {
    const end = Date.now() + 60_000;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`It did not come about: ${this.account()}`);
      await sleep(5);
    }
  }
}

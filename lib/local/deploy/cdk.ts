import { spawn } from 'node:child_process';
import * as path from 'node:path';

/** How one command of the CDK ended. */
export interface CdkResult {
  /** Exit code. */
  readonly code: number;
  /** What it printed, both streams. */
  readonly output: string;
}

/** How the CDK is run. */
export interface CdkOptions {
  /** Root of the repository, whose pinned CDK is run. */
  readonly root: string;
  /** Where it runs; the root of the repository when left out. */
  readonly directory?: string;
  /** Its whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Is told each line that it prints. */
  readonly onLine?: (line: string) => void;
}

/** Runs the repository's own CDK CLI, as anyone would by hand. */
export function cdk(args: readonly string[], options: CdkOptions): Promise<CdkResult> {
  const program = path.join(options.root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.directory ?? options.root,
      env: { ...options.environment, CDK_DISABLE_CLI_TELEMETRY: 'true', NO_COLOR: '1', CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let rest = '';
    const take = (chunk: string): void => {
      output += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

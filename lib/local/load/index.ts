import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Bucket, bucketSchema } from '../../load/model';
import type { LoadSettings } from './model';

/** Requests that are being sent. */
export interface Load {
  /** Ends it. @returns what became of the requests */
  stop(): Promise<readonly Bucket[]>;
}

/** Begins to send requests at a steady rate, whatever the answers do, from a process of its own. */
export function startLoad(settings: LoadSettings): Load {
  fs.rmSync(settings.file, { force: true });
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'main.ts'), JSON.stringify(settings)],
    { cwd: path.join(__dirname, '../../..'), stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      return readBuckets(settings.file);
    },
  };
}

/** What a load has written so far. */
export function readBuckets(file: string): readonly Bucket[] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  // The last line may be half-written.
  return lines.slice(0, -1).map((line) => bucketSchema.parse(JSON.parse(line)));
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';

const progressSchema = z.object({
  execution: z.string(),
  commit: z.string(),
  /** Actions that have succeeded, as `stage/action`. */
  done: z.array(z.string()),
  artifacts: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.record(z.string(), z.string())),
});

/** How far an execution has come: what a retry of its failed stage begins with. */
export type Progress = z.output<typeof progressSchema>;

function fileOf(work: string): string {
  return path.join(work, 'progress.json');
}

/** Keeps how far the execution has come. */
export function keepProgress(work: string, progress: Progress): void {
  fs.writeFileSync(fileOf(work), JSON.stringify(progress), { mode: 0o600 });
}

/**
 * How far the last execution came.
 *
 * @throws Error when there is none, or its artifacts are gone
 */
export function readProgress(work: string): Progress {
  if (!fs.existsSync(fileOf(work))) throw new Error('There is no execution to retry.');
  const progress = progressSchema.parse(JSON.parse(fs.readFileSync(fileOf(work), 'utf8')));
  const gone = Object.entries(progress.artifacts).filter(([, folder]) => !fs.existsSync(folder));
  if (gone.length > 0) throw new Error(`The artifacts ${gone.map(([name]) => name).join(', ')} are gone.`);
  return progress;
}

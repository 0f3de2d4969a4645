import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '../worker';
import type { FromLoad, LoadOptions, LoadResult, ToLoad } from './messages';

export type { LoadOptions, LoadResult, Queries } from './messages';

/** Compiling, caches of plans and of pages. */
const WARM_UP_MS = 1500;
/** What piled up has to drain while it is still watched. */
const AFTER_MS = 500;

/** What the load saw while something ran, and what that was. */
export interface Loaded<T> {
  readonly load: LoadResult;
  readonly value: T;
  /** How long it ran, in milliseconds. */
  readonly milliseconds: number;
}

/** Runs something while an application of its own process asks the database at a steady rate. */
export async function underLoad<T>(options: LoadOptions, run: () => Promise<T>): Promise<Loaded<T>> {
  const worker = new Worker<ToLoad, FromLoad>(path.join(__dirname, 'main.ts'));
  try {
    await worker.ask({ start: options });
    await sleep(WARM_UP_MS);
    worker.tell({ record: true });
    const begun = performance.now();
    const value = await run();
    const milliseconds = performance.now() - begun;
    await sleep(AFTER_MS);
    const answer = await worker.ask({ stop: true });
    if (!('result' in answer)) throw new Error('The load ended without a result.');
    return { load: answer.result, value, milliseconds };
  } finally {
    worker.end();
  }
}

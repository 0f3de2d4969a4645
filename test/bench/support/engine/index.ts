import * as path from 'node:path';
import { Worker } from '../worker';
import type { EngineOptions, EngineResult, FromEngine, ToEngine } from './messages';

export type { EngineOptions, EngineResult } from './messages';

/** Starts a process with the engine, lets it read its files and hands over what runs it. */
export async function withEngine<T>(
  options: EngineOptions,
  use: (run: () => Promise<EngineResult>) => Promise<T>,
): Promise<T> {
  const worker = new Worker<ToEngine, FromEngine>(path.join(__dirname, 'main.ts'));
  try {
    await worker.ask({ load: options });
    return await use(async () => {
      const answer = await worker.ask({ run: true });
      if (!('result' in answer)) throw new Error('The engine ended without a result.');
      return answer.result;
    });
  } finally {
    worker.end();
  }
}

/** Runs the engine without anything beside it. */
export function runEngine(options: EngineOptions): Promise<EngineResult> {
  return withEngine(options, (run) => run());
}

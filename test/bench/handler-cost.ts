import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { bundlePlatform } from '../../lib/platform-handlers';
import { handlerBundle, handlerNames } from '../../lib/shared/handler-code';

/** What one handler costs. */
export interface HandlerCost {
  /** Its folder under `lambda/`. */
  readonly name: string;
  /** Size of its bundle, in bytes. */
  readonly bytes: number;
  /** Median time that a new process takes to import it, in milliseconds, without the start of Node. */
  readonly importMs: number;
}

const RUNS = 5;
// Loaded as Lambda loads it; a variable that is missing ends the import late, after everything is evaluated.
const PROGRAM = `
const start = process.hrtime.bigint();
try { require(process.argv[1]); } catch (error) { if (error.name !== 'EnvironmentError') throw error; }
process.stdout.write(String(Number(process.hrtime.bigint() - start) / 1e6));
`;

/** Bundles every handler and measures size and cold import, each import in a process of its own. */
export async function measureHandlers(): Promise<HandlerCost[]> {
  await bundlePlatform();
  return handlerNames().map((name) => {
    const file = path.join(handlerBundle(name), 'index.js');
    const times = Array.from({ length: RUNS }, () =>
      Number(
        execFileSync(process.execPath, ['--no-warnings', '-e', PROGRAM, file], {
          encoding: 'utf8',
          env: { AWS_REGION: 'us-east-1' },
        }),
      ),
    ).sort((a, b) => a - b);
    return { name, bytes: fs.statSync(file).size, importMs: times[Math.floor(RUNS / 2)] ?? Number.NaN };
  });
}

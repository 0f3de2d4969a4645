import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { foldersOf } from '../../lib/local/folders';
import { readSummary } from '../../lib/local/run/summary';
import { toolsEnvironment } from '../../lib/local/run/tools-environment';
import { Refused } from '../../lib/release/errors';

const MARK = 'TELEHEALTH_LOCAL';

/** Folder of the local environment, when none is named. */
export const LOCAL_FOLDER = path.resolve(__dirname, '../../.local');

/**
 * Runs this program again as the local environment's own, where it is about that: with its endpoints, its authority and
 * its keys, and never with the user's. Node reads the authority only when it starts, hence a new process; what the programs
 * need for their work is imported in that one alone.
 * @returns whether that is done instead
 * @throws Refused when there is no local environment
 */
export function asLocal(environment: string, dir: string): boolean {
  if (environment !== 'local' || process.env[MARK] === dir) return false;
  const folders = foldersOf(dir);
  const summary = readSummary(folders);
  if (!summary) throw new Refused(`There is no local environment in ${dir}: run "npm start" first.`);
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('AWS_') || name.startsWith('AWS_ENDPOINT_URL_'),
  );
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: {
      ...Object.fromEntries(own),
      ...toolsEnvironment(summary),
      [MARK]: dir,
    },
  });
  // A terminal sends Ctrl-C to both; whoever sends SIGTERM sends it to this one.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128);
  });
  return true;
}

/** Where an environment is asked: no name service knows the load balancer of the local one. @param deployed - what its stack says */
export function addressOf(environment: string, dir: string, deployed: string): string {
  return (environment === 'local' ? readSummary(foldersOf(dir))?.url : undefined) ?? deployed;
}

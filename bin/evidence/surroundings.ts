import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { name, version } from '../../package.json';
import { collectOperational, OPERATIONAL_FOLDER } from '../../lib/gate/evidence/operational';
import type { Surroundings } from '../../lib/gate/evidence/write';
import { MANUAL_FILE } from '../../lib/gate/report/manual';
import { packageLockOf, today } from './collect';
import { checkResults, RESULTS } from './test-results';

/** The repository's folder. */
export const ROOT = path.resolve(__dirname, '../..');

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

/** The commit, and whether the working tree holds more than it. */
export function revision(): { readonly commit: string; readonly dirty: boolean } {
  return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
}

/** What a report says besides what an assembly holds, as this repository and machine know it. */
export function surroundings(): Surroundings {
  const at = revision();
  const collected = collectOperational(path.join(ROOT, OPERATIONAL_FOLDER), {
    ...{ packageLock: packageLockOf(ROOT), commit: at.commit, today: today() },
  });
  const tests = checkResults(at, path.join(ROOT, RESULTS));
  const execution = process.env['EXECUTION'];
  return {
    system: name,
    version,
    ...at,
    ...(execution !== undefined && { execution: { id: execution } }),
    checks: tests.checks,
    operational: [tests.operational, ...collected.operational],
    collected: collected.files,
    manual: fs.readFileSync(path.join(ROOT, MANUAL_FILE), 'utf8'),
  };
}

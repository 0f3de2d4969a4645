import * as path from 'node:path';
import { everyQuery } from '../app/src/queries/catalogue';
import { RUNNER_FILES } from '../lambda/run-migrations/env';
import { MigrationFilesError, readMigrations } from './migrations/files';
import { lintMigrations, toText } from './migrations/lint';
import { writeManifest } from './migrations/manifest';
import type { MigrationSet } from './migrations/model';
import { bundleHandlers, HandlerCodeError } from './shared/handler-code';

const MIGRATIONS = path.resolve(__dirname, '../migrations');

/**
 * Bundles every handler of the platform, the runner of migrations with the migrations and the API's queries beside it:
 * a change of either redeploys the runner. Run it before any stack is made.
 * @throws HandlerCodeError when a handler does not compile, and when a migration is wrong or its lint refuses it, each
 * with file and line
 */
export async function bundlePlatform(): Promise<void> {
  bundleHandlers({
    'run-migrations': {
      [RUNNER_FILES.migrations]: writeManifest(await soundMigrations(MIGRATIONS)),
      [RUNNER_FILES.queries]: JSON.stringify(everyQuery()),
    },
  });
}

/**
 * The migrations of a folder, read and linted.
 * @throws HandlerCodeError with everything that is wrong, each with file and line
 */
export async function soundMigrations(folder: string): Promise<MigrationSet> {
  const set = await readMigrations(folder).catch((error: unknown) => {
    if (!(error instanceof MigrationFilesError)) throw error;
    const places = error.problems.map(
      ({ file = '', line = 1, message, mend }) => `  migrations/${file}:${line}: ${message} ${mend}`,
    );
    throw new HandlerCodeError(['The migrations are wrong:', ...places].join('\n'));
  });
  const lint = await lintMigrations(folder);
  const errors = lint.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new HandlerCodeError(
      `The migrations do not pass their lint:\n\n${toText({ ...lint, findings: errors, suppressed: [] })}`,
    );
  return set;
}

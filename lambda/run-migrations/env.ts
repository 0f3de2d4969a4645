import * as z from 'zod';
import { databaseVariables } from '../shared/database';

/** What the runner of migrations is told. */
export const runMigrationsSchema = z.object({
  ...databaseVariables,
  /** Role that it signs in as, by IAM. */
  DATABASE_USER: z.string().min(1),
  /** Name of the environment, by which its metrics are told apart. */
  ENVIRONMENT: z.string().min(1),
  /** Set where the function tells of migrations and runs none. */
  ONLY_LOOKS: z.literal('yes').optional(),
});

/** Names of the files that stand beside the runner's code in its bundle. */
export const RUNNER_FILES = {
  /** The migrations, as `writeManifest` writes them. */
  migrations: 'migrations.json',
  /** The queries of this release's API, by name. */
  queries: 'queries.json',
} as const;

/** Names of the metrics that the runner writes; the stack's alarm watches the first. */
export const migrationMetrics = {
  /** A call ended as `failed`: something broke, and somebody has to look. */
  failed: 'MigrationsFailed',
  /** A call ended as `refused`: a guard said no, and nothing was changed. */
  refused: 'MigrationsRefused',
  /** How long a call took, in milliseconds. */
  duration: 'MigrationsDuration',
  /** Worst time that the application waited for a migration, in milliseconds. */
  stall: 'MigrationsStall',
  /** How often migrations were tried for their locks. */
  attempts: 'MigrationsLockAttempts',
} as const;

/** Role that the API signs in as; the migrations grant it what it may do. */
export const API_ROLE = 'telehealth_api';

/** What the API's sessions are named before their release; the interlock looks for them. */
export const API_SESSIONS = 'telehealth-api/';

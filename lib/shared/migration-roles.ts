import type { Environment } from '../config/schema';

/** Name of the role in the pipeline's account that migrates an environment's database; known before it is made. */
export function migrateStepRoleName({ name }: Environment): string {
  return `telehealth-pipeline-migrate-${name}`;
}

/** Name of the role in an environment's account that the pipeline's step takes. */
export function migrationCallerRoleName({ name }: Environment): string {
  return `telehealth-${name}-migration-caller`;
}

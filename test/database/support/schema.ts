import * as path from 'node:path';
import { everyQuery } from '../../../app/src/queries/catalogue';
import { createMigrator, type Migrator } from '../../../lib/migrations/engine';
import { readMigrations } from '../../../lib/migrations/files';
import type { MigrationSet } from '../../../lib/migrations/model';
import type { Report } from '../../../lib/migrations/report';
import type { Request } from '../../../lib/migrations/request';
import { CLOCK, TestDatabase, TestDatabases } from './databases';
import { fill, type Amounts } from './rows';
import { ACCESS } from './server';

/** The shipped migrations. */
export const readShipped = (): Promise<MigrationSet> =>
  readMigrations(path.resolve(__dirname, '../../../migrations'));

/** The engine over a database, as the pipeline runs it. */
export function migratorOf(database: TestDatabase, set: MigrationSet): Migrator {
  return createMigrator({
    set,
    connect: (application) => database.migrator(application),
    clock: CLOCK,
    runner: { release: '1', commit: 'a1b2c3d', actor: 'test' },
    queries: everyQuery(),
    applicationPrefix: 'telehealth-api/',
  });
}

/** Runs one action and hands back its report, which has to be `done`. */
export async function done(migrator: Migrator, request: Request): Promise<Report> {
  const report = await migrator.run(request);
  if (report.outcome !== 'done') throw new Error(JSON.stringify(report, null, 2));
  return report;
}

/** Applies everything that expands and, unless told otherwise, everything that contracts. */
export async function migrate(database: TestDatabase, phases = ['expand', 'contract']): Promise<void> {
  const migrator = migratorOf(database, await readShipped());
  await done(migrator, { action: 'up' });
  if (!phases.includes('contract')) return;
  const plan = await done(migrator, { action: 'plan', phase: 'contract' });
  if (plan.action !== 'plan') throw new Error('No plan.');
  await done(migrator, { action: 'up', phase: 'contract', approve: plan.digest });
}

/** Databases with the shipped schema and some rows: each test's is a copy of one that was made once. */
export async function startMigrated(amounts?: Amounts): Promise<TestDatabases> {
  const databases = await TestDatabases.start();
  const template = new TestDatabase(databases.server, ACCESS.databaseName);
  await migrate(template);
  if (amounts) await fill(await template.migrator(), amounts);
  await template.close();
  return databases;
}

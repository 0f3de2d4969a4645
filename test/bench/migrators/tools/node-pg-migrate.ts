import * as fs from 'node:fs';
import * as path from 'node:path';
import { version } from 'node-pg-migrate/package.json';
import type { Client, ClientConfig } from 'pg';
import { stem, type Tool } from '../tool';

/** As its guide sets it up for SQL files; a lock that is held is waited for, since two runners are to end well. */
async function run(
  dir: string,
  database: { readonly databaseUrl: ClientConfig } | { readonly dbClient: Client },
): Promise<void> {
  const { runner } = await import('node-pg-migrate');
  await runner({
    ...database,
    dir,
    direction: 'up',
    migrationsTable: 'pgmigrations',
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
}

/** node-pg-migrate with migrations in SQL. */
export const NODE_PG_MIGRATE: Tool = {
  title: `node-pg-migrate ${version}`,
  write(folder, migration) {
    // For SQL files it knows no word for "outside of a transaction".
    fs.writeFileSync(
      path.join(folder, `${stem(migration)}.sql`),
      `-- Up Migration\n${migration.up};\n-- Down Migration\n${migration.down};\n`,
    );
  },
  up: (dir, databaseUrl) => run(dir, { databaseUrl }),
  upWith: (dir, dbClient) => run(dir, { dbClient }),
};

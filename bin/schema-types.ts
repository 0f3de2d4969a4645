import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { COLUMNS_FILE, phiColumns } from '../app/phi-columns';
import { SCHEMA_FILE, schemaTypes } from '../app/schema-types';
import { everyQuery } from '../app/src/queries/catalogue';
import { API_ROLE, API_SESSIONS } from '../lambda/run-migrations/env';
import { ensureAuthority } from '../lib/local/authority';
import { anyFreePort } from '../lib/local/ports';
import { removePostgres, startPostgres } from '../lib/local/postgres';
import { connector } from '../lib/migrations/connection';
import { createMigrator } from '../lib/migrations/engine';
import { readMigrations } from '../lib/migrations/files';
import type { Request } from '../lib/migrations/request';

const ACCESS = {
  masterUser: 'telehealth_admin',
  apiUser: 'telehealth_api',
  migratorUser: 'telehealth_migrator',
  databaseName: 'telehealth',
};

/** Writes the API's types, and the columns that the evidence names, from an empty PostgreSQL that every migration was applied to. */
async function main(): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'schema-types-'));
  fs.chmodSync(root, 0o755);
  const dir = path.join(root, 'postgres');
  try {
    const authority = await ensureAuthority(path.join(root, 'ca'));
    const { host, port } = await startPostgres({ dir, port: await anyFreePort(), authority, ...ACCESS });
    const ca = fs.readFileSync(authority.caFile, 'utf8');
    const database = { host, port, database: ACCESS.databaseName, user: ACCESS.migratorUser, password: '' };
    const migrator = createMigrator({
      set: await readMigrations(path.resolve(__dirname, '../migrations')),
      connect: connector({ ...database, authorities: [ca] }),
      clock: { now: () => performance.now(), sleep: (ms) => sleep(ms), random: () => Math.random() },
      runner: { release: 'schema-types', commit: 'unknown', actor: os.userInfo().username },
      queries: everyQuery(),
      applicationPrefix: API_SESSIONS,
      applicationRole: API_ROLE,
    });
    const run = async (request: Request): Promise<string> => {
      const report = await migrator.run(request);
      if (report.outcome !== 'done')
        throw new Error(report.problems.map(({ message, mend }) => `${message} ${mend}`).join('\n'));
      return report.action === 'plan' ? report.digest : '';
    };
    await run({ action: 'up' });
    const approve = await run({ action: 'plan', phase: 'contract' });
    await run({ action: 'up', phase: 'contract', approve });
    fs.writeFileSync(SCHEMA_FILE, await schemaTypes({ ...database, ssl: { ca } }));
    const client = new Client({ ...database, ssl: { ca } });
    await client.connect();
    try {
      fs.writeFileSync(COLUMNS_FILE, await phiColumns(client));
    } finally {
      await client.end();
    }
    for (const file of [SCHEMA_FILE, COLUMNS_FILE])
      process.stdout.write(`Wrote ${path.relative(process.cwd(), file)}.\n`);
  } finally {
    await removePostgres({ dir });
    fs.rmSync(root, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

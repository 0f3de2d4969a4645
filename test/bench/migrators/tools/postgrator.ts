import * as fs from 'node:fs';
import * as path from 'node:path';
import { Client } from 'pg';
import { version } from 'postgrator/package.json';
import { stem, type Tool } from '../tool';

async function migrate(folder: string, client: Client): Promise<void> {
  const { default: Postgrator } = await import('postgrator');
  const postgrator = new Postgrator({
    driver: 'pg',
    migrationPattern: path.join(folder, '*'),
    schemaTable: 'schemaversion',
    execQuery: (sql) => client.query(sql),
  });
  await postgrator.migrate();
}

/** postgrator, which leaves the session to the caller. */
export const POSTGRATOR: Tool = {
  title: `postgrator ${version}`,
  write(folder, migration) {
    const [number = '', name = ''] = stem(migration).split(/_(.*)/s);
    fs.writeFileSync(path.join(folder, `${number}.do.${name}.sql`), `${migration.up};\n`);
    fs.writeFileSync(path.join(folder, `${number}.undo.${name}.sql`), `${migration.down};\n`);
  },
  async up(folder, access) {
    const client = new Client(access);
    client.on('error', () => undefined);
    await client.connect();
    try {
      await migrate(folder, client);
    } finally {
      await client.end().catch(() => undefined);
    }
  },
  upWith: migrate,
};

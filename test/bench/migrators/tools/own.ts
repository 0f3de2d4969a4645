import * as fs from 'node:fs';
import * as path from 'node:path';
import { Client } from 'pg';
import { createMigrator } from '../../../../lib/migrations/engine';
import { readMigrations } from '../../../../lib/migrations/files';
import { stem, type Tool } from '../tool';

/** This repository's engine. */
export const OWN: Tool = {
  title: 'this engine',
  write(folder, migration) {
    const bare = migration.bare === true ? ' transaction=false' : '';
    const file = path.join(folder, stem(migration));
    fs.writeFileSync(
      `${file}.up.sql`,
      `-- migrate: phase=expand reversible=lossless${bare}\n${migration.up};\n`,
    );
    fs.writeFileSync(
      `${file}.down.sql`,
      `${migration.bare === true ? '-- migrate: transaction=false\n' : ''}${migration.down};\n`,
    );
  },
  async up(folder, access) {
    const migrator = createMigrator({
      set: await readMigrations(folder),
      connect: async (application_name) => {
        const client = new Client({ ...access, application_name });
        await client.connect();
        return client;
      },
      clock: {
        now: () => performance.now(),
        sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        random: () => Math.random(),
      },
      runner: { release: '1', commit: 'bench', actor: 'bench' },
      queries: [],
      applicationPrefix: 'telehealth-api/',
    });
    const { outcome, problems } = await migrator.run({ action: 'up' });
    if (outcome !== 'done') throw new Error(problems.map(({ code }) => code).join(', '));
  },
};

import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { titleOf } from '../model';

/** What `new` can begin. */
export const KINDS = ['expand', 'contract', 'index', 'backfill', 'constraint'] as const;

/** What is begun. */
export type Kind = (typeof KINDS)[number];

interface Template {
  readonly up: string;
  readonly down: string;
}

const TEMPLATES: Readonly<Record<Kind, Template>> = {
  expand: {
    up: `-- migrate: phase=expand reversible=lossy

ALTER TABLE visits ADD COLUMN example text;
COMMENT ON COLUMN visits.example IS 'PHI: what it is.';`,
    down: 'ALTER TABLE visits DROP COLUMN example;',
  },
  contract: {
    up: `-- migrate: phase=contract reversible=lossy
-- approve: by=security-officer ticket=DB-1 reason="nothing reads it any more"

ALTER TABLE visits DROP COLUMN example;`,
    down: `ALTER TABLE visits ADD COLUMN example text;
COMMENT ON COLUMN visits.example IS 'PHI: what it is.';`,
  },
  index: {
    up: `-- migrate: phase=expand reversible=lossless transaction=false

CREATE INDEX CONCURRENTLY visits_example ON visits (organisation_id, example);`,
    down: `-- migrate: transaction=false

DROP INDEX CONCURRENTLY visits_example;`,
  },
  backfill: {
    up: `-- migrate: phase=expand reversible=lossy
-- migrate: kind=backfill table=visits key=id batch=5000 pause=20ms
-- check after: SELECT NOT EXISTS (SELECT FROM visits WHERE example IS NULL)

UPDATE visits SET example = 'value'
WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2 AND example IS NULL;`,
    down: `-- The values stay: a run of \`up\` finds them filled.
SELECT 1;`,
  },
  constraint: {
    up: `-- migrate: phase=expand reversible=lossless transaction=false

-- Each a transaction of its own: together they would hold the strong lock for as long as the scan takes.
ALTER TABLE visits ADD CONSTRAINT visits_example_not_empty CHECK (example <> '') NOT VALID;
ALTER TABLE visits VALIDATE CONSTRAINT visits_example_not_empty;`,
    down: 'ALTER TABLE visits DROP CONSTRAINT visits_example_not_empty;',
  },
};

/**
 * Begins a migration: a pair of files with the next number, to be edited.
 * @param folder - holds the migrations
 * @param name - lower-case words joined by `_`
 * @returns the paths of the two files
 * @throws Error when the name is of another form or there is no such folder
 */
export async function createMigration(folder: string, name: string, kind: Kind): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
    throw new Error(
      `"${name}" is not a name: write lower-case words joined by "_", such as add_visit_language.`,
    );
  const names = await fs.readdir(folder).catch(() => {
    throw new Error(`The folder ${folder} cannot be read: give the one that holds the migrations.`);
  });
  const numbers = names.map((file) => Number(/^(\d{4,})_/.exec(file)?.[1] ?? 0));
  const title = titleOf({ id: Math.max(0, ...numbers) + 1, name });
  const template = TEMPLATES[kind];
  const files = [
    { file: path.join(folder, `${title}.up.sql`), text: template.up },
    { file: path.join(folder, `${title}.down.sql`), text: template.down },
  ];
  for (const { file, text } of files) await fs.writeFile(file, `${text}\n`, { flag: 'wx' });
  return files.map(({ file }) => file);
}

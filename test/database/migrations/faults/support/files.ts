import * as fs from 'node:fs';
import * as path from 'node:path';

/** Rows that are there before the faults; each has to be there after them, changed exactly once. */
export const ROWS = 2_000;
/** Rows of a batch of the backfill. */
export const BATCH = 200;

/** One migration of each kind. `touched` counts how often a row was filled: twice would be a fault. */
const FILES: Readonly<Record<string, string>> = {
  '0001_base.up.sql': `-- migrate: phase=expand reversible=lossy
    CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL);
    GRANT ALL ON people TO telehealth_api;`,
  '0001_base.down.sql': 'DROP TABLE people;',
  '0002_cities.up.sql': `-- migrate: phase=expand reversible=lossless
    ALTER TABLE people ADD COLUMN city text, ADD COLUMN touched integer NOT NULL DEFAULT 0;
    CREATE TABLE cities (name text PRIMARY KEY);
    INSERT INTO cities VALUES ('Springfield');`,
  '0002_cities.down.sql': `DROP TABLE cities;
    ALTER TABLE people DROP COLUMN city, DROP COLUMN touched;`,
  '0003_indexes.up.sql': `-- migrate: phase=expand reversible=lossless
    -- migrate: transaction=false statement_timeout=1min
    CREATE INDEX CONCURRENTLY people_by_name ON people (name);
    CREATE UNIQUE INDEX CONCURRENTLY people_by_name_and_id ON people (name, id);`,
  '0003_indexes.down.sql': `-- migrate: transaction=false
    DROP INDEX CONCURRENTLY people_by_name_and_id;
    DROP INDEX CONCURRENTLY people_by_name;`,
  '0004_fill.up.sql': `-- migrate: phase=expand reversible=lossless
    -- migrate: kind=backfill table=people key=id batch=${BATCH} pause=1ms
    UPDATE people SET touched = touched + 1, city = 'Springfield'
    WHERE ($1::integer IS NULL OR id > $1) AND id <= $2;`,
  '0004_fill.down.sql': 'UPDATE people SET touched = 0, city = NULL WHERE touched > 0;',
  '0005_claim.up.sql': `-- migrate: phase=expand reversible=lossless
    ALTER TABLE people ADD CONSTRAINT people_city_there CHECK (city IS NOT NULL) NOT VALID;`,
  '0005_claim.down.sql': 'ALTER TABLE people DROP CONSTRAINT people_city_there;',
  '0006_prove.up.sql': `-- migrate: phase=expand reversible=lossless
    ALTER TABLE people VALIDATE CONSTRAINT people_city_there;`,
  '0006_prove.down.sql': '-- Nothing to undo: the constraint goes with 0005.',
  'repeatable/names.sql': 'CREATE OR REPLACE VIEW names AS SELECT id, name FROM people;',
};

/** Writes the migrations, and others beside or instead of them, into a folder. */
export function writeFiles(folder: string, more: Readonly<Record<string, string>> = {}): void {
  for (const [name, text] of Object.entries({ ...FILES, ...more })) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${text.replaceAll(/\n +/g, '\n')}\n`);
  }
}

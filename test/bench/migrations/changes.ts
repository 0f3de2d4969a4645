import type { Queries } from '../support/load';

/** What every release asks unless a change gives it new columns. */
export const BEFORE: Queries = {
  select: 'SELECT id, title, status, minutes, note FROM appointments WHERE id = $1',
  insert: `INSERT INTO appointments (organisation_id, room_id, code, title, status, minutes, note)
           VALUES (current_setting('app.organisation_id')::uuid, md5('1')::uuid, gen_random_uuid()::text, 'new', 'planned', 30, '')`,
  update: 'UPDATE appointments SET minutes = minutes + 1 WHERE id = $1',
};

/** A change of the populated table, done in one go and as the recipe of docs/migrations.md has it. */
export interface Change {
  /** Its name on the command line, and of its recipe. */
  readonly name: string;
  /** What is done. */
  readonly title: string;
  /** Statements of the naive form, each sent by itself; absent when that is what is shipped. */
  readonly naive?: readonly string[];
  /** What the release asks that no longer uses what the contract phase drops; `BEFORE` when left out. */
  readonly after?: Queries;
}

/** The changes, in the order they are measured. */
export const CHANGES: readonly Change[] = [
  { name: 'column', title: 'add a column, constant default' },
  {
    name: 'volatile-default',
    title: 'add a column, default per row',
    naive: ['ALTER TABLE appointments ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid()'],
  },
  {
    name: 'backfill',
    title: 'change every row',
    naive: ['UPDATE appointments SET status = upper(status)'],
  },
  {
    name: 'index',
    title: 'create an index',
    naive: ['CREATE INDEX appointments_status_idx ON appointments (status, minutes)'],
  },
  {
    name: 'unique',
    title: 'unique constraint',
    naive: ['ALTER TABLE appointments ADD CONSTRAINT appointments_code_key UNIQUE (code)'],
  },
  {
    name: 'not-null',
    title: 'set not null',
    naive: ['ALTER TABLE appointments ALTER COLUMN status SET NOT NULL'],
  },
  {
    name: 'foreign-key',
    title: 'foreign key',
    naive: [
      'ALTER TABLE appointments ADD CONSTRAINT appointments_room_fk FOREIGN KEY (room_id) REFERENCES rooms (id)',
    ],
  },
  {
    name: 'foreign-key',
    title: 'foreign key, NOT VALID and VALIDATE in one transaction',
    naive: [
      `ALTER TABLE appointments ADD CONSTRAINT appointments_room_fk
         FOREIGN KEY (room_id) REFERENCES rooms (id) NOT VALID;
       ALTER TABLE appointments VALIDATE CONSTRAINT appointments_room_fk`,
    ],
  },
  {
    name: 'check',
    title: 'check constraint',
    naive: ['ALTER TABLE appointments ADD CONSTRAINT appointments_minutes_positive CHECK (minutes > 0)'],
  },
  {
    name: 'wider-integer',
    title: 'integer to bigint',
    naive: ['ALTER TABLE appointments ALTER COLUMN minutes TYPE bigint'],
    after: {
      select: 'SELECT id, title, status, wide_minutes, note FROM appointments WHERE id = $1',
      insert: BEFORE.insert.replace('minutes', 'wide_minutes'),
      update: 'UPDATE appointments SET wide_minutes = wide_minutes + 1 WHERE id = $1',
    },
  },
  {
    name: 'rename-column',
    title: 'rename a column in use',
    naive: ['ALTER TABLE appointments RENAME COLUMN title TO subject'],
    after: {
      ...BEFORE,
      select: 'SELECT id, subject, status, minutes, note FROM appointments WHERE id = $1',
      insert: BEFORE.insert.replace('title', 'subject'),
    },
  },
  {
    name: 'drop-column',
    title: 'drop a column in use',
    naive: ['ALTER TABLE appointments DROP COLUMN note'],
    after: {
      ...BEFORE,
      select: 'SELECT id, title, status, minutes FROM appointments WHERE id = $1',
      insert: BEFORE.insert.replace(', note)', ')').replace(", '')", ')'),
    },
  },
];

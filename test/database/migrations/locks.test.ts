import type { Client } from 'pg';
import { effectsOf, type Known } from '../../../lib/migrations/files/effects';
import { split } from '../../../lib/migrations/files/split';
import { LOCK_MODES, type TableLock } from '../../../lib/migrations/model';
import { readStatistics } from '../../../lib/migrations/statistics';
import { TestDatabases } from '../support/databases';

jest.setTimeout(60_000);

const FIXTURE = `
  CREATE TABLE r (id int PRIMARY KEY);
  INSERT INTO r SELECT generate_series(-9, 0);
  CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(50), n int NOT NULL DEFAULT 0, r int, at timestamptz,
    g int GENERATED ALWAYS AS (n + 1) STORED);
  INSERT INTO t (id, a, b, n) SELECT i, 'a' || i, 'b', 1 FROM generate_series(1, 100) i;
  CREATE INDEX t_a ON t (a);
  CREATE UNIQUE INDEX t_n ON t (id, n);
  ALTER TABLE t ADD CONSTRAINT known CHECK (a IS NOT NULL);
  ALTER TABLE t ADD CONSTRAINT unproved CHECK (b IS NOT NULL) NOT VALID;
  ALTER TABLE t ADD CONSTRAINT unproved_r FOREIGN KEY (r) REFERENCES r NOT VALID;
  CREATE TABLE parted (id int, a text) PARTITION BY LIST (id);
  CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
  CREATE TABLE part_to_be (id int, a text);
  CREATE VIEW v AS SELECT id FROM r;
  CREATE MATERIALIZED VIEW m AS SELECT id FROM r;
  CREATE UNIQUE INDEX m_id ON m (id);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE POLICY everybody ON t USING (true);
  CREATE TYPE mood AS ENUM ('good');
`;

/** What the text alone cannot tell: whether the new type is as good as the old one. The worse is taken. */
const CAUTIOUS = 'ALTER TABLE t ALTER b TYPE varchar(100)';

const STATEMENTS: readonly string[] = [
  'ALTER TABLE t ADD COLUMN x text',
  "ALTER TABLE t ADD COLUMN x text NOT NULL DEFAULT 'x'",
  'ALTER TABLE t ADD COLUMN x timestamptz DEFAULT now()',
  'ALTER TABLE t ADD COLUMN x timestamptz DEFAULT CURRENT_TIMESTAMP',
  'ALTER TABLE t ADD COLUMN x timestamptz DEFAULT clock_timestamp()',
  'ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()',
  'ALTER TABLE t ADD COLUMN x bigserial',
  'ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (n * 2) STORED',
  'ALTER TABLE t ADD COLUMN x int REFERENCES r',
  'ALTER TABLE t ADD COLUMN x int UNIQUE',
  'ALTER TABLE t DROP COLUMN at',
  'ALTER TABLE t ALTER id TYPE bigint',
  CAUTIOUS,
  'ALTER TABLE t ALTER b TYPE varchar(45)',
  'ALTER TABLE t ALTER n SET DEFAULT 4',
  'ALTER TABLE t ALTER n DROP DEFAULT',
  'ALTER TABLE t ALTER a SET NOT NULL',
  'ALTER TABLE t ALTER b SET NOT NULL',
  'ALTER TABLE t ALTER n DROP NOT NULL',
  'ALTER TABLE t ALTER n SET STATISTICS 200',
  'ALTER TABLE t ALTER n SET (n_distinct = 5)',
  'ALTER TABLE t ALTER a SET STORAGE EXTERNAL',
  'ALTER TABLE t ALTER a SET COMPRESSION pglz',
  'ALTER TABLE t ALTER g SET EXPRESSION AS (n + 2)',
  'ALTER TABLE t ALTER g DROP EXPRESSION',
  'ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE t ADD CONSTRAINT x CHECK (n > 0)',
  'ALTER TABLE t ADD CONSTRAINT x CHECK (n > 0) NOT VALID',
  'ALTER TABLE t ADD CONSTRAINT x FOREIGN KEY (r) REFERENCES r',
  'ALTER TABLE t ADD CONSTRAINT x FOREIGN KEY (r) REFERENCES r NOT VALID',
  'ALTER TABLE t ADD CONSTRAINT x UNIQUE (n, id)',
  'ALTER TABLE t ADD CONSTRAINT x UNIQUE USING INDEX t_n',
  'ALTER TABLE t ADD CONSTRAINT x EXCLUDE (n WITH =) WHERE (n < 0)',
  'ALTER TABLE t VALIDATE CONSTRAINT unproved',
  'ALTER TABLE t DROP CONSTRAINT unproved',
  'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE t FORCE ROW LEVEL SECURITY',
  'ALTER TABLE t DISABLE TRIGGER touched',
  'ALTER TABLE t SET (fillfactor = 80)',
  'ALTER TABLE t SET (autovacuum_enabled = false)',
  'ALTER TABLE t SET (user_catalog_table = true)',
  'ALTER TABLE t RESET (fillfactor)',
  'ALTER TABLE t SET UNLOGGED',
  'ALTER TABLE t REPLICA IDENTITY FULL',
  'ALTER TABLE t CLUSTER ON t_a',
  'ALTER TABLE t OWNER TO CURRENT_USER',
  'ALTER TABLE t RENAME TO u',
  'ALTER TABLE t RENAME COLUMN a TO z',
  'ALTER TABLE t RENAME CONSTRAINT known TO z',
  'ALTER TABLE parted ATTACH PARTITION part_to_be FOR VALUES IN (2)',
  'ALTER TABLE parted DETACH PARTITION part',
  'CREATE TABLE x (id int REFERENCES r, a text)',
  'CREATE TABLE x PARTITION OF parted FOR VALUES IN (3)',
  'CREATE TABLE x () INHERITS (t)',
  'CREATE INDEX x ON t (b)',
  'DROP INDEX t_a',
  'REINDEX INDEX t_a',
  'REINDEX TABLE t',
  'ALTER INDEX t_a RENAME TO z',
  'DROP TABLE part_to_be',
  'TRUNCATE t',
  'DROP VIEW v',
  'CREATE OR REPLACE VIEW v AS SELECT id FROM r WHERE id > 0',
  'REFRESH MATERIALIZED VIEW m',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY m',
  'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()',
  'DROP TRIGGER touched ON t',
  'CREATE POLICY x ON t USING (false)',
  'ALTER POLICY everybody ON t USING (false)',
  'DROP POLICY everybody ON t',
  'CLUSTER t USING t_a',
  'ANALYZE t',
  'LOCK TABLE t IN SHARE MODE',
  "COMMENT ON TABLE t IS 'x'",
  "COMMENT ON COLUMN public.t.a IS 'x'",
  'CREATE STATISTICS x ON a, b FROM t',
  "UPDATE t SET a = 'x'",
  "UPDATE t SET a = 'x' FROM r WHERE r.id = t.r",
  'DELETE FROM t',
  'INSERT INTO r SELECT id FROM t',
  'SELECT id FROM t FOR UPDATE',
  'WITH gone AS (DELETE FROM r RETURNING id) UPDATE t SET n = 2 WHERE id IN (SELECT id FROM gone)',
  'GRANT SELECT ON t TO PUBLIC',
  "ALTER TYPE mood ADD VALUE 'bad'",
];

let databases: TestDatabases;
let client: Client;
let known: Known;

beforeAll(async () => {
  databases = await TestDatabases.start();
  client = await (await databases.fresh()).migrator();
  await client.query(FIXTURE);
  known = { indexes: new Map(), notNull: new Set() };
  for (const { node } of (await split(FIXTURE)).statements) effectsOf(node, new Set(), known);
});

afterAll(() => databases.remove());

interface Relation {
  readonly oid: number;
  readonly relname: string;
  readonly file: number;
  /** Its table, when it is an index. */
  readonly table: number;
}

/** Relations and their files; one that holds nothing has none. */
const RELATIONS = `
  SELECT c.oid, c.relname, CASE WHEN pg_relation_size(c.oid) > 0 THEN c.relfilenode ELSE 0 END AS file,
    coalesce(i.indrelid, c.oid) AS table
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'i') AND c.relnamespace = 'public'::regnamespace`;

/**
 * Locks of this session on tables that were there before, but the weakest, and which tables have a new file. Who has
 * an index of a table to itself keeps every query from the table, since planning one looks at all its indexes.
 */
async function measured(sql: string): Promise<readonly Pick<TableLock, 'table' | 'mode' | 'rewrites'>[]> {
  const before = (await client.query<Relation>(RELATIONS)).rows;
  await client.query('BEGIN');
  try {
    await client.query(sql);
    const { rows: locks } = await client.query<{ relation: number; mode: string }>(
      "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted",
    );
    const after = (await client.query<Relation>(RELATIONS)).rows;
    return before.flatMap(({ oid, relname, file, table }) => {
      if (oid !== table) return [];
      const indexes = before.filter((other) => other.table === oid && other.oid !== oid);
      const modes = [
        ...locks.filter(({ relation }) => relation === oid).map((lock) => modeOf(lock.mode)),
        ...locks
          .filter(
            ({ relation, mode }) =>
              mode === 'AccessExclusiveLock' && indexes.some((index) => index.oid === relation),
          )
          .map((lock) => modeOf(lock.mode)),
      ];
      const mode = modes.sort((a, b) => LOCK_MODES.indexOf(b) - LOCK_MODES.indexOf(a))[0];
      if (mode === undefined || mode === 'ACCESS SHARE') return [];
      const now = after.find((other) => other.oid === oid)?.file ?? 0;
      return [{ table: relname, mode, rewrites: now !== 0 && now !== file }];
    });
  } finally {
    await client.query('ROLLBACK');
  }
}

/** `ShareUpdateExclusiveLock` as the manual writes it. */
function modeOf(name: string): TableLock['mode'] {
  const words = name
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
  return LOCK_MODES.find((mode) => mode === words)!;
}

const byTable = (one: { table: string }, other: { table: string }): number =>
  one.table < other.table ? -1 : 1;

test.each(STATEMENTS)('%s', async (sql) => {
  const copy: Known = { indexes: new Map(known.indexes), notNull: new Set(known.notNull) };
  const [parsed] = (await split(sql)).statements;
  const told = effectsOf(parsed!.node, new Set(), copy)
    .locks.filter(({ mode }) => mode !== 'ACCESS SHARE')
    .map(({ table, mode, rewrites }) => ({ table: table.replace('public.', ''), mode, rewrites }));
  const found = (await measured(sql)).map((lock) => (sql === CAUTIOUS ? { ...lock, rewrites: true } : lock));
  expect([...told].sort(byTable)).toEqual([...found].sort(byTable));
});

test('sizes are read of every table, of a partitioned one as the sum of its parts, and while somebody holds them', async () => {
  await client.query('INSERT INTO parted SELECT 1 FROM generate_series(1, 500); ANALYZE');
  const other = await databases.last.migrator();
  await client.query('BEGIN; LOCK TABLE t');
  try {
    const statistics = await readStatistics(other);
    expect(statistics['public.t']).toMatchObject({ rows: 100 });
    expect(statistics['public.parted']).toEqual(statistics['public.part']);
    expect(statistics['public.part']!.rows).toBe(500);
    expect(statistics['public.t']!.bytes).toBeGreaterThanOrEqual(8192);
    expect(Object.keys(statistics)).not.toContain('public.v');
  } finally {
    await client.query('ROLLBACK');
  }
});

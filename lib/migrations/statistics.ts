import type { Client } from 'pg';

/** Estimated size of each table, by `schema.table`. */
export type Statistics = Readonly<Record<string, TableSize>>;

/** Size of a table. */
export interface TableSize {
  /** Its rows, about. */
  readonly rows: number;
  /** What it takes on disk without its indexes, about. */
  readonly bytes: number;
}

/**
 * Takes only what ANALYZE, VACUUM and the running counts left in the catalogue: pg_table_size() would wait for whoever
 * holds a table, and a plan must never wait. What was never analysed is taken to have 100 bytes a row. A partitioned
 * table is as large as its parts.
 */
const SIZES = `
  WITH RECURSIVE tables AS (
    SELECT c.oid, c.relnamespace, c.relname,
      CASE WHEN c.relkind = 'p' THEN 0 WHEN c.reltuples > 0 THEN c.reltuples ELSE coalesce(s.n_live_tup, 0) END::float8 AS rows,
      (c.relpages::float8 + coalesce(t.relpages, 0)) * current_setting('block_size')::int AS bytes
    FROM pg_class c
    LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
    WHERE c.relkind IN ('r', 'p', 'm')
  ), parts AS (
    SELECT oid AS root, oid FROM tables
    UNION ALL
    SELECT parts.root, i.inhrelid FROM parts JOIN pg_inherits i ON i.inhparent = parts.oid
  )
  SELECT n.nspname || '.' || r.relname AS name, sum(t.rows) AS rows,
    sum(greatest(t.bytes, t.rows * 100 * (t.bytes = 0)::int)) AS bytes
  FROM parts
  JOIN tables r ON r.oid = parts.root
  JOIN tables t ON t.oid = parts.oid
  JOIN pg_namespace n ON n.oid = r.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrate') AND n.nspname !~ '^pg_(toast|temp)'
  GROUP BY 1
  ORDER BY 1`;

/** Reads the estimated sizes of all tables. Takes no lock on them and sees no row of theirs. */
export async function readStatistics(client: Client): Promise<Statistics> {
  const { rows } = await client.query<{ name: string; rows: number; bytes: number }>(SIZES);
  return Object.fromEntries(
    rows.map(({ name, rows: count, bytes }) => [name, { rows: Math.round(count), bytes: Math.round(bytes) }]),
  );
}

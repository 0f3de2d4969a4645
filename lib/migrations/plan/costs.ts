import type { Backfill, Statement } from '../model';
import type { TableSize } from '../statistics';

/** What a statement takes that touches only the catalogue, in milliseconds: docs/migrations.md, ADD COLUMN. */
const CATALOGUE_MS = 2;

/**
 * Milliseconds for each MiB of the table, from docs/migrations.md: 3,000,000 rows in 515 MB on two shared cores. A real
 * disk is slower, a larger machine faster: the order of magnitude is what a plan is read for.
 */
const MS_PER_MIB = {
  /** int to bigint 4.0 s, volatile default 10.5 s, VACUUM FULL 3.8 s. */
  rewrite: 12,
  /** One UPDATE of all rows 15.8 s; batches of 5000 without their pauses 20 s. */
  write: 35,
  /** CREATE INDEX 2.2 s. */
  index: 4.4,
  /** CREATE INDEX CONCURRENTLY 3.0 s. */
  concurrentIndex: 6,
  /** Foreign key 1.9 s, CHECK 1.1 s, SET NOT NULL 0.9 s. */
  scan: 3.5,
} as const;

const MIB = 1024 * 1024;

/** About how long a statement takes on tables of the given sizes, in milliseconds. */
export function estimate(statement: Statement, sizes: readonly TableSize[], backfill?: Backfill): number {
  const cost = MS_PER_MIB[workOf(statement, backfill)];
  const work = sizes.reduce((sum, { bytes }) => sum + (bytes / MIB) * cost, 0);
  const rows = Math.max(0, ...sizes.map((size) => size.rows));
  const pauses = backfill === undefined ? 0 : Math.ceil(rows / backfill.batch) * backfill.pauseMs;
  return Math.round(CATALOGUE_MS + work + pauses);
}

function workOf(statement: Statement, backfill: Backfill | undefined): keyof typeof MS_PER_MIB {
  if (backfill !== undefined || ['UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(statement.kind))
    return 'write';
  if (statement.locks.some(({ rewrites }) => rewrites)) return 'rewrite';
  if (statement.concurrently !== undefined) return 'concurrentIndex';
  return statement.kind === 'IndexStmt' || statement.kind === 'ReindexStmt' ? 'index' : 'scan';
}

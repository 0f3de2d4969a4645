import { LOCK_MODES, type Migration, type MigrationSet, type TableLock, titleOf } from '../migrations/model';
import type { MigrationStatus } from '../migrations/report';
import type { PendingMigration, SchemaReview } from './model';

/** What the function in the environment said of the database. */
export interface AppliedMigrations {
  /** Release that it belongs to: the one that is deployed, not the one that is reviewed. */
  readonly release: string;
  /** What it knows: its own files and the history. */
  readonly migrations: readonly MigrationStatus[];
}

/**
 * What this release would apply: its own migrations less those that the database has by the word of the function there.
 * That function carries the files of the deployed release, so it plans nothing for this one; locks and losses are read
 * from this release's files, and durations are told by the migration step's plan, which knows the sizes of the tables.
 * @param applied - absent where there is no database yet, or it was never prepared
 */
export function reviewSchema(set: MigrationSet, applied?: AppliedMigrations): SchemaReview {
  const states = new Map(applied?.migrations.map((one) => [one.title, one]));
  const carried = new Set(set.migrations.map(titleOf));
  const there = [...states.values()].filter(({ state }) => state !== 'pending');
  return {
    known: applied === undefined ? 'none' : 'read',
    version: Math.max(
      0,
      ...there.filter(({ state }) => state === 'applied').map(({ title }) => Number(title.slice(0, 4))),
    ),
    ...(applied && { askedRelease: applied.release }),
    pending: set.migrations
      .filter((one) => states.get(titleOf(one))?.state !== 'applied')
      .map((one) => pending(one, states.get(titleOf(one)))),
    repeatables: set.repeatables.map(({ name }) => name),
    problems: [
      ...there
        .filter(({ title }) => !carried.has(title))
        .map(
          ({ title, state }) => `${title} is ${state} in the database, and this release has no file of it.`,
        ),
      ...there
        .filter(({ state }) => state === 'failed' || state === 'running')
        .map(({ title, words }) => `${title}: ${words}.`),
    ],
  };
}

function pending(migration: Migration, status: MigrationStatus | undefined): PendingMigration {
  const { phase, reversible, up, approval, backfill } = migration;
  return {
    title: titleOf(migration),
    phase,
    reversible,
    destructive: up.statements.some(({ destructive }) => destructive),
    ...(approval && { approval }),
    ...(backfill && { backfills: backfill.table }),
    statements: up.statements.length,
    locks: strongest(up.statements.flatMap(({ locks }) => locks)),
    state: status?.state ?? 'pending',
  };
}

/** One lock for each table: the strongest, and whatever else any of them does to it. */
function strongest(locks: readonly TableLock[]): readonly TableLock[] {
  const tables = new Map<string, TableLock>();
  for (const lock of locks) {
    const known = tables.get(lock.table) ?? lock;
    const mode = LOCK_MODES.indexOf(lock.mode) > LOCK_MODES.indexOf(known.mode) ? lock.mode : known.mode;
    tables.set(lock.table, {
      table: lock.table,
      mode,
      rewrites: known.rewrites || lock.rewrites,
      scans: known.scans || lock.scans,
    });
  }
  return [...tables.values()].sort((one, other) => (one.table < other.table ? -1 : 1));
}

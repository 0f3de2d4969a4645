/** When a migration may run: while the older release still serves, or only once it is gone. */
export type Phase = 'expand' | 'contract';

/**
 * What undoing a migration costs: nothing, the data written since, or that it cannot be undone.
 * Only `lossless` ones are ever undone without a person asking for it.
 */
export type Reversible = 'lossless' | 'lossy' | 'no';

/** The lock modes of tables, weakest first. Source: PostgreSQL 17 manual, table 13.2. */
export const LOCK_MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

/** A lock that a statement takes on a table that was there before. */
export interface TableLock {
  /** The table, with its schema when the statement names one. */
  readonly table: string;
  /** How strong the lock is. */
  readonly mode: (typeof LOCK_MODES)[number];
  /** Whether the statement writes the whole table anew while it holds the lock. */
  readonly rewrites: boolean;
  /** Whether the statement reads the whole table while it holds the lock. */
  readonly scans: boolean;
}

/** One statement of a script, cut out by PostgreSQL's own grammar, with what the grammar tells of it. */
export interface Statement {
  /** The text, without the semicolon. */
  readonly sql: string;
  /** Line in the file that it begins on, from 1. */
  readonly line: number;
  /** What kind it is, in the grammar's words, such as `AlterTableStmt`. */
  readonly kind: string;
  /** Locks on tables that the same script did not make itself. */
  readonly locks: readonly TableLock[];
  /** Whether data is lost that no down can bring back: a dropped column or table, a delete, a truncate. */
  readonly destructive: boolean;
  /** The index that it builds, drops or rebuilds CONCURRENTLY; absent otherwise. */
  readonly concurrently?: { readonly verb: 'create' | 'drop' | 'reindex'; readonly index: string };
}

/** One file: what it says and how it wants to be run. */
export interface Script {
  /** Name of the file, such as `0001_baseline.up.sql`. */
  readonly file: string;
  /** SHA-256 of its bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** Whether all statements and the row of the history are one transaction; otherwise each is a recorded step. */
  readonly transaction: boolean;
  /** Longest that a statement waits for a lock, in milliseconds: the longest that the application may stall for it. */
  readonly lockTimeoutMs: number;
  /** Longest that a statement runs, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** The statements, in order. */
  readonly statements: readonly Statement[];
}

/** A change of many rows, in batches, each a transaction of its own with the cursor it leaves. */
export interface Backfill {
  /** Table whose rows are visited. */
  readonly table: string;
  /** Its unique column by which they are visited, in ascending order. */
  readonly key: string;
  /** Rows of a batch at most. */
  readonly batch: number;
  /** Pause between two batches, in milliseconds. */
  readonly pauseMs: number;
}

/** A query that has to answer `true` in its only row. */
export interface Assertion {
  /** The query. */
  readonly sql: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** Who agreed to lose data, written in the file and reviewed with it. */
export interface Approval {
  /** The role that agreed. */
  readonly by: string;
  /** Where it was agreed. */
  readonly ticket: string;
  /** Why it is right. */
  readonly reason: string;
}

/** A pair of files. */
export interface Migration {
  /** Its number, from 1, without gaps. */
  readonly id: number;
  /** What the file name says of it, such as `baseline`. */
  readonly name: string;
  /** When it may run. */
  readonly phase: Phase;
  /** What undoing it costs. */
  readonly reversible: Reversible;
  /** The one statement of `up` is run in batches, with `$1` as the key to start after and `$2` as the last key. */
  readonly backfill?: Backfill;
  /** Present when somebody agreed to lose data. */
  readonly approval?: Approval;
  /** Asserted before `up`, and after it in the same transaction when there is one. */
  readonly checks: { readonly before: readonly Assertion[]; readonly after: readonly Assertion[] };
  /** Applies it. */
  readonly up: Script;
  /** Undoes it. */
  readonly down: Script;
}

/** A definition that is replaced as a whole whenever its file changes, such as a view or a function. */
export interface Repeatable {
  /** What the file name says of it. */
  readonly name: string;
  /** How to run it; always one transaction. */
  readonly script: Script;
}

/** Everything of the folder `migrations/`, in order. */
export interface MigrationSet {
  /** The pairs, by number. */
  readonly migrations: readonly Migration[];
  /** The repeatable definitions, by name; applied after the pairs. */
  readonly repeatables: readonly Repeatable[];
}

/** `0001_baseline`: a migration as people name it. */
export function titleOf({ id, name }: Pick<Migration, 'id' | 'name'>): string {
  return `${String(id).padStart(4, '0')}_${name}`;
}

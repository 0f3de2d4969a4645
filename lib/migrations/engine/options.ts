import type { MigrationSet } from '../model';
import type { Clock, Connect, NamedQuery, Runner } from '../ports';

/** How far the engine goes; times in milliseconds. */
export interface Limits {
  /** How long it waits for another runner to end. */
  readonly lockWaitMs: number;
  /** Time between two tries for the lock of the runners. */
  readonly lockPollMs: number;
  /** How long one migration is tried again when it does not get its locks. */
  readonly retryMs: number;
  /** Time kept back from `remainingMs()` for the report and the history. */
  readonly marginMs: number;
  /** Longest that a session of the application may wait for a migration before that is cancelled. */
  readonly stallBudgetMs: number;
  /** Time between two looks of the watchdog. */
  readonly stallPollMs: number;
  /** Most rows of a table that a statement may write anew under its lock. */
  readonly rewriteRows: number;
  /** How long a session of the engine may do nothing before the database ends it: frees the lock of a frozen runner. */
  readonly idleMs: number;
  /** The same in the middle of a transaction, where a frozen runner holds locks that the application waits for. */
  readonly idleInTransactionMs: number;
  /** What a batch of a backfill should take at most; larger ones are made smaller. */
  readonly batchMs: number;
}

/** What is meant when nothing is said. Sources: the measurements in docs/migrations.md. */
export const DEFAULT_LIMITS: Limits = {
  lockWaitMs: 30_000,
  lockPollMs: 100,
  retryMs: 120_000,
  marginMs: 15_000,
  stallBudgetMs: 150,
  stallPollMs: 25,
  rewriteRows: 10_000,
  idleMs: 15_000,
  idleInTransactionMs: 3_000,
  batchMs: 200,
};

/** Something that happened, while it happens. Never holds a value of a row. */
export interface MigrationEvent {
  /** Which kind. */
  readonly kind: 'waiting' | 'begun' | 'step' | 'retry' | 'progress' | 'ended' | 'note';
  /** What happened, as one sentence. */
  readonly words: string;
  /** Migration it concerns. */
  readonly title?: string;
  /** Rows visited by a backfill, and the estimate of all. */
  readonly rows?: { readonly done: number; readonly all: number };
}

/** What the engine works with. */
export interface MigratorOptions {
  /** The migrations of this release. */
  readonly set: MigrationSet;
  /** Opens sessions as the role that owns the schema. */
  readonly connect: Connect;
  /** Time and chance. */
  readonly clock: Clock;
  /** Who runs it. */
  readonly runner: Runner;
  /** Queries of this release, which the next run holds the schema to while this release serves. */
  readonly queries: readonly NamedQuery[];
  /** Sessions of the application are named so, followed by their release, such as `telehealth-api/`. */
  readonly applicationPrefix: string;
  /**
   * Role that the application signs in as: its queries are held to what that role may do as well.
   * @default - their privileges are not tried
   */
  readonly applicationRole?: string;
  /**
   * How far it goes.
   * @default - DEFAULT_LIMITS
   */
  readonly limits?: Partial<Limits>;
  /**
   * Milliseconds until the runner is ended; before that it answers `continue`.
   * @default - no end
   */
  readonly remainingMs?: () => number;
  /**
   * Stops the run: the statement that runs is cancelled and taken back, what is applied stays, and the answer is
   * `continue`. An index that is built concurrently goes on to be built in the database.
   * @default - it runs to its end
   */
  readonly signal?: AbortSignal;
  /**
   * Hears what happens.
   * @default - nobody does
   */
  readonly onEvent?: (event: MigrationEvent) => void;
}

/** The options with everything filled in. */
export interface Engine extends MigratorOptions {
  /** How far it goes. */
  readonly limits: Limits;
  /** Tells what happens. */
  readonly tell: (event: MigrationEvent) => void;
  /** Milliseconds left for work: until the end, less the margin. */
  readonly left: () => number;
}

/** Fills in what was left out. */
export function engineOf(options: MigratorOptions): Engine {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return {
    ...options,
    limits,
    tell: options.onEvent ?? (() => undefined),
    left: () => (options.signal?.aborted ? 0 : (options.remainingMs?.() ?? Infinity) - limits.marginMs),
  };
}

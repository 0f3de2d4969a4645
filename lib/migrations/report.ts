import type { Phase, Reversible, TableLock } from './model';

/** How an action ended. `continue` asks the caller to call again with the same request. */
export type Outcome = 'done' | 'continue' | 'refused' | 'failed';

/** Something that is wrong, in words: what, where, and how to mend it. Never holds a value of a row. */
export interface Problem {
  /** One of the codes that docs/migrations.md lists, such as `edited-file`, `lock-held`, `stalled`. */
  readonly code: string;
  /** What is wrong, with the value found and the one expected. */
  readonly message: string;
  /** How to mend it. */
  readonly mend: string;
  /** Title of the migration it concerns. */
  readonly migration?: string;
  /** File it concerns. */
  readonly file?: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** PostgreSQL's error code. */
  readonly sqlstate?: string;
}

/** What every report says. */
export interface ReportBase {
  /** Version of this form; raised when a field changes its meaning or goes. */
  readonly schemaVersion: 1;
  /** How it ended. */
  readonly outcome: Outcome;
  /** Everything that is wrong; empty when `done`. */
  readonly problems: readonly Problem[];
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
}

/** State of a migration in a database. */
export type State = 'pending' | 'running' | 'applied' | 'failed';

/** A migration and how far it is. */
export interface MigrationStatus {
  /** Such as `0001_baseline`. */
  readonly title: string;
  /** When it may run. */
  readonly phase: Phase;
  /** What undoing it costs. */
  readonly reversible: Reversible;
  /** How far it is. */
  readonly state: State;
  /** The state in words, such as `waits: contract, blocked by 2 sessions of release 41`. */
  readonly words: string;
  /** Moment of the last change of state, ISO 8601. */
  readonly at?: string;
  /** How long it ran, in milliseconds. */
  readonly milliseconds?: number;
  /** How often it was begun. */
  readonly attempts?: number;
  /** Release that applied it. */
  readonly release?: string;
  /** Statements done of all, when it runs step by step. */
  readonly steps?: { readonly done: number; readonly all: number };
  /** Rows visited by a backfill, and the estimate of all. */
  readonly rows?: { readonly done: number; readonly all: number };
}

/** Who holds the lock of the runners. */
export interface LockHolder {
  /** Its process in the database. */
  readonly pid: number;
  /** What it calls itself. */
  readonly application: string;
  /** Role it signed in as. */
  readonly user: string;
  /** Address it came from, when it is not on the same machine. */
  readonly address?: string;
  /** For how long its session has stood, in milliseconds. */
  readonly sinceMs: number;
  /** What it does, as `pg_stat_activity` has it. */
  readonly state: string;
}

/** Answer of `status`. */
export interface StatusReport extends ReportBase {
  /** Which action this is. */
  readonly action: 'status';
  /** Number of the newest applied migration, 0 when there is none; absent when the history could not be read. */
  readonly version?: number;
  /** Every migration of the files and of the history. */
  readonly migrations: readonly MigrationStatus[];
  /** Who runs now. */
  readonly lock?: LockHolder;
}

/** A statement as it would run. */
export interface PlannedStatement {
  /** The exact text. */
  readonly sql: string;
  /** Line in the file, from 1. */
  readonly line: number;
  /** Locks it takes. */
  readonly locks: readonly TableLock[];
  /** Rows of the largest table it reads or writes whole, as the statistics estimate them. */
  readonly rows?: number;
  /** Estimated duration, in milliseconds. */
  readonly estimateMs?: number;
}

/** A migration as it would run. */
export interface PlannedMigration {
  /** Such as `0002_add_status`. */
  readonly title: string;
  /** When it may run. */
  readonly phase: Phase;
  /** What undoing it costs. */
  readonly reversible: Reversible;
  /** Whether it loses data. */
  readonly destructive: boolean;
  /** What runs. */
  readonly statements: readonly PlannedStatement[];
}

/** Answer of `plan`. */
export interface PlanReport extends ReportBase {
  /** Which action this is. */
  readonly action: 'plan';
  /** What would run, in order. */
  readonly migrations: readonly PlannedMigration[];
  /** Names this plan; what `up` wants to hear before it loses data. */
  readonly digest: string;
}

/** A difference between the catalogue that the migrations left and the one that is there. */
export interface Difference {
  /** Kind of the object, such as `column`, `policy`, `grant`. */
  readonly kind: string;
  /** Its name, such as `public.patients.email`. */
  readonly object: string;
  /** What the migrations left; absent when they left no such object. */
  readonly expected?: string;
  /** What is there; absent when it is gone. */
  readonly found?: string;
}

/** Answer of `drift`. */
export interface DriftReport extends ReportBase {
  /** Which action this is. */
  readonly action: 'drift';
  /** Every difference; empty when there is none. */
  readonly differences: readonly Difference[];
}

/** What was done to one migration. */
export interface Step {
  /** Such as `0002_add_status`; of a repeatable, its name. */
  readonly title: string;
  /** Which way. */
  readonly direction: 'up' | 'down' | 'repeatable';
  /** How it ended. */
  readonly outcome: 'applied' | 'undone' | 'continue' | 'failed' | 'kept';
  /** How long it took in this call, in milliseconds. */
  readonly milliseconds: number;
  /** How often it was tried for locks. */
  readonly attempts: number;
  /** Rows changed by a backfill in this call. */
  readonly rows?: number;
  /** Worst time that an application's session waited for it, in milliseconds, as the watchdog saw it. */
  readonly stallMs?: number;
}

/** Answer of `up`, `down`, `repair` and `baseline`. */
export interface RunReport extends ReportBase {
  /** Which action this is. */
  readonly action: 'up' | 'down' | 'repair' | 'baseline';
  /** What was done, in order. */
  readonly steps: readonly Step[];
  /** Number of the newest applied migration afterwards, 0 when there is none; absent when the history was not read. */
  readonly version?: number;
}

/** Answer of `lock`. */
export interface LockReport extends ReportBase {
  /** Which action this is. */
  readonly action: 'lock';
  /** Who holds it; absent when it is free. */
  readonly lock?: LockHolder;
}

/** Answer of `compatible`: refused when the release cannot serve the schema as it is. */
export interface CompatibleReport extends ReportBase {
  /** Which action this is. */
  readonly action: 'compatible';
  /** The release that was asked about. */
  readonly release: string;
}

/** Any answer of the engine. */
export type Report = StatusReport | PlanReport | DriftReport | RunReport | LockReport | CompatibleReport;

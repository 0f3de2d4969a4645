import type { Watchdog, Watched } from '../guards';
import type { NamedQuery } from '../ports';
import type { Problem, Step } from '../report';
import type { Engine } from './options';
import type { Session } from './session';

/** One call that changes the database, under the lock of the runners. */
export interface Run {
  /** What it works with. */
  readonly engine: Engine;
  /** Its session. */
  readonly session: Session;
  /** Names it in the history; calls that continue it have the same. */
  readonly id: string;
  /** What is done so far in this call. */
  readonly steps: Step[];
  /** What is wrong so far. */
  readonly problems: Problem[];
  /** Cancels a statement that the application waits for. */
  readonly watchdog: Watchdog;
  /** Queries that must go on working, of the releases that serve. */
  readonly serving: readonly NamedQuery[];
  /** How to get the data of before back. */
  readonly restorePoint: string | undefined;
}

/** One script on its way, and how it goes. */
export interface Task {
  /** Title of the migration, or name of the repeatable. */
  readonly title: string;
  /** Which way. */
  readonly direction: Step['direction'];
  /** Its file. */
  readonly file: string;
  /** When it began, by the engine's clock. */
  readonly start: number;
  /** Tries for locks so far. */
  attempts: number;
  /** Rows changed by a backfill so far. */
  rows?: number;
  /** Line of the statement that runs. */
  line?: number;
  /** What the watchdog of a session beside the run's own saw. */
  beside?: Watched;
}

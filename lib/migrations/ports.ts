import type { Client } from 'pg';

/**
 * Opens a connection of its own to the writer, never through a pool or proxy: locks and settings belong to the
 * session. The engine sets what it needs on it and ends it.
 * @param application - what the session is called in `pg_stat_activity`
 */
export type Connect = (application: string) => Promise<Client>;

/** Time and chance, passed in so that nothing here reads them by itself. */
export interface Clock {
  /** Milliseconds that only ever grow; for durations and deadlines, never shown. */
  now(): number;
  /** Waits, in milliseconds. */
  sleep(milliseconds: number): Promise<void>;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
}

/** Who runs the migrations, for the history. */
export interface Runner {
  /** Release that is being deployed, as its tasks name themselves. */
  readonly release: string;
  /** Commit of it. */
  readonly commit: string;
  /** The pipeline's execution, or the person's IAM identity. */
  readonly actor: string;
}

/** A query of a release, as it is sent to the database. */
export interface NamedQuery {
  /** What the application calls it. */
  readonly name: string;
  /** Its text, with `$1` and so on. */
  readonly sql: string;
}

import type { Client } from 'pg';
import type { Migration, Phase, Reversible, Script } from '../model';
import type { Engine } from './options';

/** A row of the history: a migration that is applied or half-way. */
export interface Row {
  /** Its number. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** When it may run. */
  readonly phase: Phase;
  /** What undoing it costs. */
  readonly reversible: Reversible;
  /** SHA-256 of the file that was run. */
  readonly upSha256: string;
  /** SHA-256 of its counterpart at that time. */
  readonly downSha256: string;
  /** Which way it went last. */
  readonly direction: 'up' | 'down';
  /** How far it is. */
  readonly state: 'running' | 'applied' | 'failed';
  /** Statements that are done. */
  readonly step: number;
  /** Number of the statement that was begun last, from 1. */
  readonly begun: number;
  /** Statements in all. */
  readonly steps: number;
  /** Key that a backfill has reached. */
  readonly position: string | null;
  /** Rows that a backfill has visited. */
  readonly rowsDone: number | null;
  /** Estimate of all of them. */
  readonly rowsAll: number | null;
  /** How often it was begun. */
  readonly attempts: number;
  /** How long it ran, over all calls. */
  readonly milliseconds: number;
  /** The run that it belongs to. */
  readonly run: string | null;
  /** Release that ran it. */
  readonly release: string;
  /** Whether it was only recorded. */
  readonly baselined: boolean;
  /** What broke, in words without values of rows. */
  readonly error: string | null;
  /** Whether the session that works on it is still there. */
  readonly runnerAlive: boolean;
  /** Process of a build that goes on by itself; present only while it is there. */
  readonly buildPid: number | null;
  /** Moment of the last change, ISO 8601. */
  readonly at: string;
  /** Order in which they were applied. */
  readonly sequence: number;
}

/** Everything that is applied or half-way, by number. */
export async function readHistory(client: Client): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(`
    SELECT h.id, h.name, h.phase, h.reversible, h.up_sha256 AS "upSha256", h.down_sha256 AS "downSha256",
      h.direction, h.state, h.step, h.begun, h.steps, h.position, h.rows_done::float8 AS "rowsDone",
      h.rows_all::float8 AS "rowsAll", h.attempts, h.milliseconds, h.run, h.release, h.baselined, h.error,
      r.pid IS NOT NULL AS "runnerAlive", b.pid AS "buildPid",
      to_char(h.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
      h.sequence::float8 AS sequence
    FROM migrate.history h
    LEFT JOIN pg_stat_activity r ON r.pid = h.runner_pid AND r.backend_start = h.runner_start
    LEFT JOIN pg_stat_activity b ON b.pid = h.build_pid AND b.backend_start = h.build_start
    ORDER BY h.id`);
  return rows;
}

/** What was done, for the log. */
export interface Entry {
  /** Which action. */
  readonly action: string;
  /** Title of the migration. */
  readonly title?: string;
  /** How it ended. */
  readonly outcome: string;
  /** How long it took. */
  readonly milliseconds?: number;
  /** How often it was tried. */
  readonly attempts?: number;
  /** SHA-256 of what was run. */
  readonly sha256?: string;
  /** How to get the data of before back. */
  readonly restorePoint?: string;
  /** PostgreSQL's error code. */
  readonly sqlstate?: string;
  /** More, in words without values of rows. */
  readonly words?: string;
}

/** Adds to the log. */
export async function log(client: Client, engine: Engine, entry: Entry): Promise<void> {
  const { runner } = engine;
  await client.query(
    `INSERT INTO migrate.log (action, title, outcome, release, commit, actor, milliseconds, attempts, sha256,
       restore_point, sqlstate, words)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[entry.action, entry.title, entry.outcome, runner.release, runner.commit, runner.actor],
      ...[entry.milliseconds, entry.attempts, entry.sha256, entry.restorePoint, entry.sqlstate, entry.words],
    ],
  );
}

/** What goes into the row of a migration that is begun or applied. */
export interface Begun {
  /** The run that it belongs to. */
  readonly run: string;
  /** Which way. */
  readonly direction: 'up' | 'down';
  /** How far it is. */
  readonly state: 'running' | 'applied';
  /** How long it took so far. */
  readonly milliseconds: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** How to get the data of before back. */
  readonly restorePoint?: string | undefined;
}

/** Writes the row of a migration, new or begun again; what is expected of the catalogue is stale from here on. */
export async function writeRow(
  client: Client,
  engine: Engine,
  migration: Migration,
  begun: Begun,
): Promise<void> {
  const { runner } = engine;
  await client.query(
    `WITH stale AS (UPDATE migrate.snapshots SET stale = true WHERE NOT stale)
     INSERT INTO migrate.history (id, name, phase, reversible, up_sha256, down_sha256, direction, state, steps,
       run, release, commit, actor, milliseconds, attempts, restore_point, runner_pid, runner_start)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, pg_backend_pid(),
       (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()))
     ON CONFLICT (id) DO UPDATE SET direction = EXCLUDED.direction, state = EXCLUDED.state,
       steps = EXCLUDED.steps, run = EXCLUDED.run, release = EXCLUDED.release, commit = EXCLUDED.commit,
       actor = EXCLUDED.actor, attempts = migrate.history.attempts + EXCLUDED.attempts, error = NULL,
       step = CASE WHEN migrate.history.direction = EXCLUDED.direction THEN migrate.history.step ELSE 0 END,
       begun = CASE WHEN migrate.history.direction = EXCLUDED.direction THEN migrate.history.begun ELSE 0 END,
       runner_pid = EXCLUDED.runner_pid, runner_start = EXCLUDED.runner_start,
       restore_point = coalesce(EXCLUDED.restore_point, migrate.history.restore_point),
       changed_at = clock_timestamp()`,
    [
      ...[migration.id, migration.name, migration.phase, migration.reversible],
      ...[migration.up.sha256, migration.down.sha256, begun.direction, begun.state],
      ...[scriptOf(migration, begun.direction).statements.length, begun.run],
      ...[
        runner.release,
        runner.commit,
        runner.actor,
        begun.milliseconds,
        begun.attempts,
        begun.restorePoint,
      ],
    ],
  );
}

/** Takes the row of a migration that is undone out of the history; the log keeps the story. */
export async function removeRow(client: Client, id: number): Promise<void> {
  await client.query(
    `WITH stale AS (UPDATE migrate.snapshots SET stale = true WHERE NOT stale)
     DELETE FROM migrate.history WHERE id = $1`,
    [id],
  );
}

/** Says of a migration that runs step by step that it broke, and where it stands. */
export async function markFailed(
  client: Client,
  id: number,
  error: string,
  milliseconds: number,
): Promise<void> {
  await client.query(
    `UPDATE migrate.history SET state = 'failed', error = $2, milliseconds = milliseconds + $3,
       runner_pid = NULL, runner_start = NULL, changed_at = clock_timestamp() WHERE id = $1`,
    [id, error, milliseconds],
  );
}

/** The script of one way. */
export function scriptOf(migration: Migration, direction: 'up' | 'down'): Script {
  return direction === 'up' ? migration.up : migration.down;
}

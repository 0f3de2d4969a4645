import type { Client } from 'pg';
import { olderSessions, rewriteGuardInstalled } from '../guards';
import { type Migration, titleOf } from '../model';
import type { LockHolder, MigrationStatus } from '../report';
import type { Row } from './history';
import type { Engine } from './options';

/** Why the last try of a migration left nothing. */
interface LastFailure {
  readonly title: string;
  readonly words: string | null;
  readonly at: string;
}

/** What `status` knows beside the files. */
export interface Known {
  /** The history. */
  readonly rows: readonly Row[];
  /** Who holds the lock of the runners. */
  readonly lock: LockHolder | undefined;
  /** Sessions of other releases, in words. */
  readonly older: string;
  /** By title, what the last try that failed said; only of migrations that were not applied since. */
  readonly failures: ReadonlyMap<string, LastFailure>;
}

/** Reads what the words of `status` need. */
export async function readKnown(
  client: Client,
  engine: Engine,
  rows: readonly Row[],
  lock: LockHolder | undefined,
  history: boolean,
): Promise<Known> {
  const older = await olderSessions(client, {
    prefix: engine.applicationPrefix,
    release: engine.runner.release,
  });
  const failures = history
    ? (
        await client.query<LastFailure & { outcome: string }>(
          `SELECT DISTINCT ON (title) title, words, outcome,
             to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
           FROM migrate.log WHERE title IS NOT NULL AND outcome IN ('failed', 'applied')
           ORDER BY title, sequence DESC`,
        )
      ).rows.filter(({ outcome }) => outcome === 'failed')
    : [];
  return {
    rows,
    lock,
    older: older.map(({ application, count }) => `${count} of ${application}`).join(', '),
    failures: new Map(failures.map((failure) => [failure.title, failure])),
  };
}

/** Every migration of the files and of the history, each with its state in words. */
export function statusOf(engine: Engine, known: Known): readonly MigrationStatus[] {
  const rows = new Map(known.rows.map((row) => [row.id, row]));
  const files = new Map(engine.set.migrations.map((migration) => [migration.id, migration]));
  const ids = [...new Set([...files.keys(), ...rows.keys()])].sort((one, other) => one - other);
  return ids.flatMap((id) => {
    const row = rows.get(id);
    const migration = files.get(id);
    if (row) return [ofRow(row, migration, known)];
    return migration ? [pending(migration, known)] : [];
  });
}

function pending(migration: Migration, known: Known): MigrationStatus {
  const failure = known.failures.get(titleOf(migration));
  const waits =
    migration.phase === 'contract'
      ? known.older === ''
        ? 'waits for the contract phase'
        : `waits: contract, blocked by sessions of another release (${known.older})`
      : 'waits to be applied';
  return {
    title: titleOf(migration),
    phase: migration.phase,
    reversible: migration.reversible,
    state: 'pending',
    words: failure
      ? `${waits}; the last try, at ${failure.at}, failed and nothing of it is left: ${failure.words ?? ''}`
      : waits,
  };
}

function ofRow(row: Row, migration: Migration | undefined, known: Known): MigrationStatus {
  const rows = row.rowsDone === null ? undefined : { done: row.rowsDone, all: row.rowsAll ?? row.rowsDone };
  return {
    title: titleOf(row),
    phase: row.phase,
    reversible: row.reversible,
    state: row.state,
    words: words(row, migration, known),
    at: row.at,
    milliseconds: row.milliseconds,
    attempts: row.attempts,
    release: row.release,
    ...(row.state !== 'applied' && { steps: { done: row.step, all: row.steps } }),
    ...(rows && { rows }),
  };
}

function words(row: Row, migration: Migration | undefined, known: Known): string {
  const file = !migration
    ? '; its file is gone from this release'
    : migration.up.sha256 !== row.upSha256 || migration.down.sha256 !== row.downSha256
      ? '; its file was edited since'
      : '';
  if (row.state === 'applied')
    return `${row.baselined ? 'recorded as applied, without running it,' : 'applied'} by release ${row.release}${file}`;
  const way = row.direction === 'up' ? 'applying' : 'undoing';
  const how =
    row.rowsDone === null
      ? `${row.step} of ${row.steps} statements are done`
      : `${row.rowsDone} of about ${row.rowsAll ?? row.rowsDone} rows are visited`;
  if (row.state === 'failed')
    return `${way} it failed half-way, ${how}: ${row.error ?? ''} \`up\` continues there once the cause is mended, \`repair\` clears it${file}`;
  if (row.buildPid !== null)
    return `${way}: an index is being built by process ${row.buildPid}, which goes on by itself, ${how}; \`up\` waits for it and continues${file}`;
  if (row.runnerAlive && known.lock) return `${way}: process ${known.lock.pid} is at it, ${how}${file}`;
  return `${way} it was interrupted: its runner is gone, ${how}; \`${row.direction}\` continues there${file}`;
}

/** Whether the rewrite guard is there; where it is not, only lint and the watchdog stop a rewrite. */
export async function rewriteGuardWords(client: Client): Promise<string | undefined> {
  if (await rewriteGuardInstalled(client)) return undefined;
  return 'The rewrite guard is not installed in this database: prepare it anew as the master user.';
}

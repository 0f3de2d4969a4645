import { type Client, escapeLiteral } from 'pg';
import { RUNNER_APPLICATION } from '../guards';
import type { Script } from '../model';
import type { Engine } from './options';

/** A session of the engine. */
export interface Session {
  /** The connection. */
  readonly client: Client;
  /** Its process in the database. */
  readonly pid: number;
}

/** Nothing may depend on what the role, the database or an earlier migration has set. */
const PINNED: Readonly<Record<string, string>> = {
  search_path: 'public, pg_temp',
  row_security: 'on',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  standard_conforming_strings: 'on',
  check_function_bodies: 'on',
  client_min_messages: 'warning',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
};

/** Times and guards of a script. */
export interface ScriptSettings {
  /** Longest wait for a lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Longest run of a statement, in milliseconds. */
  readonly statementTimeoutMs: number;
}

/**
 * Opens a session that frees everything soon after its runner is gone: a statement whose client has died is
 * ended within a second, and a session whose runner is frozen when it has done nothing for a while.
 */
export async function openSession(engine: Engine): Promise<Session> {
  const client = await engine.connect(`${RUNNER_APPLICATION}/${engine.runner.release}`);
  // A cut connection is told by the next query; without this, it would end the whole process.
  client.on('error', () => undefined);
  const { idleMs, idleInTransactionMs } = engine.limits;
  try {
    await client.query(
      set(false, {
        ...PINNED,
        lock_timeout: '1s',
        statement_timeout: '30s',
        idle_in_transaction_session_timeout: `${idleInTransactionMs}ms`,
        idle_session_timeout: `${idleMs}ms`,
        client_connection_check_interval: '1s',
        tcp_keepalives_idle: '10',
        tcp_keepalives_interval: '5',
        tcp_keepalives_count: '3',
      }),
    );
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return { client, pid: rows[0]?.pid ?? 0 };
  } catch (error) {
    await closeSession({ client, pid: 0 });
    throw error;
  }
}

/** Ends a session, also one that is cut. */
export async function closeSession({ client }: Session): Promise<void> {
  await client.end().catch(() => undefined);
}

/** Begins a transaction with a script's times; what an earlier script has set does not reach into it. */
export function begin(engine: Engine, script: ScriptSettings): string {
  return `BEGIN; ${set(true, settingsOf(engine, script))}`;
}

/** The same for statements that PostgreSQL does not run in a transaction. */
export function outside(engine: Engine, script: ScriptSettings): string {
  return set(false, settingsOf(engine, script));
}

function settingsOf(engine: Engine, script: ScriptSettings): Record<string, string> {
  return {
    ...PINNED,
    lock_timeout: `${Math.max(1, Math.round(script.lockTimeoutMs))}ms`,
    statement_timeout: `${Math.max(1, Math.round(script.statementTimeoutMs))}ms`,
    'migrate.rewrite_limit': String(engine.limits.rewriteRows),
  };
}

function set(local: boolean, settings: Readonly<Record<string, string>>): string {
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', ${escapeLiteral(value)}, ${local})`,
  );
  return `SELECT ${calls.join(', ')}`;
}

/** Takes back what a broken transaction did; no error when the session is gone. */
export async function rollback(client: Client): Promise<void> {
  await client.query('ROLLBACK').catch(() => undefined);
}

/** A script's times, the longest statement cut down to the time that is left. */
export function timesOf(engine: Engine, script: Script): ScriptSettings {
  return {
    lockTimeoutMs: script.lockTimeoutMs,
    statementTimeoutMs: Math.min(script.statementTimeoutMs, Math.max(1, engine.left())),
  };
}

import type { Client } from 'pg';
import type { LockHolder } from '../report';
import { Refusal } from './errors';
import type { Engine } from './options';
import type { Session } from './session';

/** The two numbers of the advisory lock, `migr` and 1; they mean nothing else. */
const [SPACE, NUMBER] = [0x6d696772, 1];

/**
 * Takes the lock of the runners, of which one works at a time in a database. Tries and polls, never waits in
 * PostgreSQL: a session that waits there holds a snapshot, and CREATE INDEX CONCURRENTLY of the one that works
 * would wait for it in turn, until one of them dies of the deadlock.
 *
 * @throws Refusal when another one still works after the time that the limits allow
 */
export async function takeLock(engine: Engine, { client }: Session): Promise<void> {
  const { clock, limits } = engine;
  const start = clock.now();
  let told = '';
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS got', [
      SPACE,
      NUMBER,
    ]);
    if (rows[0]?.got === true) return;
    const holder = await lockHolder(client);
    const words = holder ? describeHolder(holder) : 'It has just been freed.';
    const waited = clock.now() - start;
    if (waited >= Math.min(limits.lockWaitMs, engine.left() + waited))
      throw new Refusal([
        {
          code: 'lock-held',
          message: `Another runner works in this database, and did for all the ${Math.round(waited)} ms that were waited. ${words}`,
          mend: 'Let it finish. `status` tells how far it is; when it is frozen, the database ends its session by itself.',
        },
      ]);
    if (holder && String(holder.pid) !== told) {
      told = String(holder.pid);
      engine.tell({ kind: 'waiting', words: `Waits for another runner. ${words}` });
    }
    await clock.sleep(limits.lockPollMs);
  }
}

/** Who holds the lock of the runners in this database. */
export async function lockHolder(client: Client): Promise<LockHolder | undefined> {
  const { rows } = await client.query<{
    pid: number;
    application: string | null;
    user: string | null;
    address: string | null;
    since: number | null;
    state: string | null;
  }>(
    `SELECT l.pid, a.application_name AS application, a.usename AS user, host(a.client_addr) AS address,
       (extract(epoch FROM clock_timestamp() - a.backend_start) * 1000)::float8 AS since, a.state
     FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = $2 AND l.objsubid = 2
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [SPACE, NUMBER],
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    pid: row.pid,
    application: row.application ?? '',
    user: row.user ?? '',
    ...(row.address !== null && { address: row.address }),
    sinceMs: Math.round(row.since ?? 0),
    state: row.state ?? 'unknown',
  };
}

/** A holder of the lock in one sentence. */
export function describeHolder(holder: LockHolder): string {
  const from = holder.address === undefined ? '' : ` from ${holder.address}`;
  const seconds = Math.round(holder.sinceMs / 1000);
  return `It is ${holder.application} (${holder.user}${from}, process ${holder.pid}, ${holder.state}), connected for ${seconds} s.`;
}

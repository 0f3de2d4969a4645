import * as net from 'node:net';
import type { Client, QueryResultRow } from 'pg';
import type { Clock, Connect } from '../ports';

/** What a session of the runner calls itself begins so; such sessions may wait without being counted. */
export const RUNNER_APPLICATION = 'telehealth-migrations';

const WATCHDOG = `${RUNNER_APPLICATION}/watchdog`;

/** How to watch. */
export interface WatchOptions {
  /** Opens the second connection. */
  readonly connect: Connect;
  /** Process in the database that migrates. */
  readonly pid: number;
  /** Longest that a session of the application may wait for the migration, in milliseconds. */
  readonly budgetMs: number;
  /** Time between two looks, in milliseconds. */
  readonly pollMs: number;
  /** Time. */
  readonly clock: Clock;
}

/** What the watchdog saw. */
export interface Watched {
  /** Longest that a session waited for the migration, in milliseconds, as precise as the looks are close. */
  readonly worstMs: number;
  /** Whether the migration was cancelled for it. */
  readonly cancelled: boolean;
  /** Whether the watchdog lost the database and could not get it back, so that nobody watched. */
  readonly lost: boolean;
}

/** A watchdog at work. */
export interface Watchdog {
  /** Aborted when nobody watches any more: whoever migrates must stop at once. */
  readonly lost: AbortSignal;
  /** What it saw since it began, or since this was asked last. */
  take(): Watched;
  /** Ends it and its connection. */
  stop(): Promise<Watched>;
}

interface Waiting extends QueryResultRow {
  readonly pid: number;
  /** The session's transaction; a new one is a new request of the application. */
  readonly transaction: string;
  /** For how long it has waited for the lock that it waits for now. */
  readonly waitedMs: number;
}

/** A look or a connection that takes longer counts as lost. */
const ANSWER_MS = 2_000;
/** How often the watchdog connects again before it gives up: until then nobody watches. */
const RECONNECTS = 2;
/** A connection that has not taken its leave by then is cut. */
const LEAVE_MS = 500;

// pg_locks is open to every role and knows since when a session waits; of pg_stat_activity a role sees only the
// application's name of sessions that are not its own. Autovacuum has no role: it gives way by itself.
const LOOK = `
  WITH RECURSIVE waiting AS MATERIALIZED (
    SELECT l.pid, min(l.virtualtransaction) AS transaction, min(l.waitstart) AS since,
      pg_blocking_pids(l.pid) AS blockers
    FROM pg_locks l WHERE NOT l.granted AND l.pid <> $1 GROUP BY l.pid
  ), blocked AS (
    SELECT w.* FROM waiting w WHERE $1 = ANY (w.blockers)
    UNION SELECT w.* FROM waiting w JOIN blocked b ON b.pid = ANY (w.blockers)
  )
  SELECT b.pid, b.transaction,
    coalesce(extract(epoch FROM clock_timestamp() - b.since) * 1000, 0)::float8 AS "waitedMs"
  FROM blocked b JOIN pg_stat_activity a ON a.pid = b.pid
  WHERE a.usesysid IS NOT NULL AND NOT starts_with(a.application_name, $2)`;

/**
 * Watches, on a connection of its own, who waits for the migration, directly or behind someone who does, and
 * cancels its statement once a session has waited longer than the budget. Sessions of the runners do not count.
 *
 * @throws when the second connection cannot be opened; nothing may be migrated then
 */
export async function watch(options: WatchOptions): Promise<Watchdog> {
  const round = new Round(options);
  round.client = await opened(options.connect(WATCHDOG));
  const running = round.run();
  return {
    lost: round.lost.signal,
    take: () => round.take(),
    stop: async () => {
      round.stopping = true;
      await running;
      return round.take();
    },
  };
}

class Round {
  readonly lost = new AbortController();
  stopping = false;
  worstMs = 0;
  cancelled = false;
  client: Client | undefined;
  private since = new Map<string, number>();
  private lastLook: number;

  constructor(private readonly options: WatchOptions) {
    this.lastLook = options.clock.now();
  }

  take(): Watched {
    const seen = { worstMs: this.worstMs, cancelled: this.cancelled, lost: this.lost.signal.aborted };
    this.worstMs = 0;
    this.cancelled = false;
    return seen;
  }

  async run(): Promise<void> {
    let reconnects = 0;
    while (!this.stopping) {
      try {
        this.client ??= await this.reconnect();
        await this.look(this.client);
        reconnects = 0;
        await this.options.clock.sleep(this.options.pollMs);
      } catch {
        await this.disconnect();
        reconnects += 1;
        if (reconnects > RECONNECTS) {
          this.lost.abort();
          break;
        }
      }
    }
    await this.disconnect();
  }

  private async look(client: Client): Promise<void> {
    const { clock, pid, budgetMs } = this.options;
    const before = this.lastLook;
    const waiting = await ask<Waiting>(client, LOOK, [pid, RUNNER_APPLICATION]);
    const now = (this.lastLook = clock.now());
    const since = new Map<string, number>();
    for (const { pid: waiter, transaction, waitedMs } of waiting) {
      const key = `${waiter} ${transaction}`;
      // Who did not wait for the migration at the last look has waited for it since then at most.
      since.set(key, this.since.get(key) ?? Math.max(now - waitedMs, before));
    }
    this.since = since;
    const longest = Math.max(0, ...[...since.values()].map((start) => now - start));
    this.worstMs = Math.max(this.worstMs, longest);
    if (longest <= budgetMs) return;
    this.cancelled = true;
    await ask(client, 'SELECT pg_cancel_backend($1)', [pid]);
  }

  /** Connects, and ends a connection that comes too late. */
  private async reconnect(): Promise<Client> {
    const { connect, clock } = this.options;
    let late = false;
    const connecting = opened(connect(WATCHDOG)).then((client) => {
      if (late) void leave(client);
      return client;
    });
    connecting.catch(() => undefined); // it may fail after nobody waits for it any more
    const client = await Promise.race([connecting, clock.sleep(ANSWER_MS)]);
    if (client) return client;
    late = true;
    throw new Error('The database did not take the watchdog back in time.');
  }

  private async disconnect(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    if (client) await leave(client);
  }
}

/** Without a listener, Node would end the process when the connection is cut; the next look tells of it. */
async function opened(connecting: Promise<Client>): Promise<Client> {
  const client = await connecting;
  client.on('error', () => undefined);
  return client;
}

async function leave(client: Client): Promise<void> {
  const { stream } = client.connection;
  // Who is cut off does not hear of a farewell.
  if (stream instanceof net.Socket) stream.setTimeout(LEAVE_MS, () => stream.destroy());
  await client.end().catch(() => undefined);
}

async function ask<Row extends QueryResultRow>(
  client: Client,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const query = { text, values: [...values], query_timeout: ANSWER_MS };
  return (await client.query<Row>(query)).rows;
}

import type { Client } from 'pg';
import { breakages, brokenAlready, prepareQueries } from '../guards';
import type { NamedQuery } from '../ports';
import { Refusal } from './errors';
import type { Engine } from './options';
import type { Run } from './run';

/** Holds a change to the queries of the releases that serve. */
export type BlueGate = (title: string) => Promise<void>;

/**
 * Takes down what the database makes of the queries now. The gate is called once the change is there, before
 * it is committed if it can be, and throws a {@link Refusal} when a query no longer means the same.
 */
export async function blueGate({ engine, session, serving }: Run): Promise<BlueGate> {
  if (serving.length === 0) return () => Promise.resolve();
  const before = await prepareQueries(session.client, serving, engine.applicationRole);
  return async (title) => {
    const broken = breakages(before, await prepareQueries(session.client, serving, engine.applicationRole));
    if (broken.length > 0) throw new Refusal(broken.map((problem) => ({ ...problem, migration: title })));
  };
}

/** Enters the queries that the database refuses already: they block nothing, and somebody should look at them. */
export async function reportBroken({ engine, session, serving, problems }: Run): Promise<void> {
  problems.push(...brokenAlready(await prepareQueries(session.client, serving, engine.applicationRole)));
}

/**
 * Queries that must go on working: those of every known release that has sessions now, or else, since its
 * tasks may be about to start, of the release that was migrated for last.
 * @param onlyConnected - leave the latter out
 */
export async function servingQueries(
  client: Client,
  engine: Engine,
  onlyConnected = false,
): Promise<readonly NamedQuery[]> {
  const { rows } = await client.query<{
    queries: readonly NamedQuery[];
    release: string;
    connected: boolean;
  }>(
    `SELECT release, queries, EXISTS (
       SELECT FROM pg_stat_activity a WHERE a.datname = current_database()
         AND a.application_name = left($1 || release, 63)) AS connected
     FROM migrate.releases ORDER BY stored_at DESC`,
    [engine.applicationPrefix],
  );
  const connected = rows.filter((row) => row.connected);
  const serving = connected.length > 0 || onlyConnected ? connected : rows.slice(0, 1);
  return serving.flatMap(({ release, queries }) =>
    queries.map(({ name, sql }) => ({ name: `${name} of ${release}`, sql })),
  );
}

/** Keeps this release's queries, which the next run holds the schema to. */
export async function storeQueries(client: Client, engine: Engine): Promise<void> {
  const { runner, queries } = engine;
  await client.query(
    `INSERT INTO migrate.releases (release, commit, queries) VALUES ($1, $2, $3)
     ON CONFLICT (release) DO UPDATE SET commit = EXCLUDED.commit, queries = EXCLUDED.queries,
       stored_at = clock_timestamp()`,
    [runner.release, runner.commit, JSON.stringify(queries)],
  );
  // Releases that are long gone serve no more.
  await client.query(
    `DELETE FROM migrate.releases WHERE release NOT IN
       (SELECT release FROM migrate.releases ORDER BY stored_at DESC LIMIT 20)`,
  );
}

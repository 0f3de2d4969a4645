import { escapeIdentifier, type Client } from 'pg';
import type { NamedQuery } from '../ports';

/** Carries the queries to the block and what it found back: a block takes no parameters and gives no rows. */
const CARRIER = 'migrate.blue_gate';

// Each query is planned and not run, which is when PostgreSQL asks for privileges. All in one block: locks of
// an open migration are held meanwhile.
const TRY_EACH = `
DO $try$
DECLARE
  query jsonb;
  found jsonb := '[]';
BEGIN
  FOR query IN SELECT jsonb_array_elements(current_setting('${CARRIER}')::jsonb) LOOP
    BEGIN
      EXECUTE 'EXPLAIN (GENERIC_PLAN, COSTS OFF) ' || (query->>'sql');
    EXCEPTION WHEN insufficient_privilege THEN
      found := found || jsonb_build_object('name', query->>'name', 'sqlstate', sqlstate, 'error', sqlerrm);
    END;
  END LOOP;
  PERFORM set_config('${CARRIER}', found::text, true);
END
$try$`;

/** A query that a role may not run. */
export interface NotAllowed {
  /** What the application calls it. */
  readonly name: string;
  /** PostgreSQL's error code. */
  readonly sqlstate: string;
  /** PostgreSQL's message. */
  readonly error: string;
}

/**
 * Which queries a role may not run. Nobody can say where the session may not become that role: then none.
 * @param client - session with an open transaction and a savepoint that the caller goes back to
 * @param role - who would run them
 * @param queries - queries that PostgreSQL parses, each a single statement
 */
export async function refusedTo(
  client: Client,
  role: string,
  queries: readonly NamedQuery[],
): Promise<readonly NotAllowed[]> {
  const { rows } = await client.query<{ may: boolean }>(
    `SELECT set_config('${CARRIER}', $2, true),
       EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(current_user, oid, 'SET')) AS may`,
    [role, JSON.stringify(queries)],
  );
  if (rows[0]?.may !== true) return [];
  await client.query(`SET LOCAL ROLE ${escapeIdentifier(role)}`);
  await client.query(TRY_EACH);
  const answer = await client.query<{ found: string }>(`SELECT current_setting('${CARRIER}') AS found`);
  return JSON.parse(answer.rows[0]?.found ?? '[]') as NotAllowed[];
}

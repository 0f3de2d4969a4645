import { DatabaseError, type Client } from 'pg';

const SCHEMA = 'migrate_guard';
const FUNCTION = `${SCHEMA}.refuse_rewrite`;
const TRIGGER = 'migrate_refuse_rewrite';
const SETTING = 'migrate.rewrite_limit';

const SQL = `
CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
CREATE OR REPLACE FUNCTION ${FUNCTION}() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
  most bigint := nullif(current_setting('${SETTING}', true), '');
  rows bigint;
BEGIN
  IF most IS NULL THEN RETURN; END IF;
  -- As the planner estimates: rows of a page at the last ANALYZE, times the pages there are now.
  SELECT CASE WHEN reltuples >= 0 AND relpages > 0 THEN reltuples / relpages ELSE 80 END
      * (pg_relation_size(oid) / current_setting('block_size')::int)
    INTO rows FROM pg_class WHERE oid = pg_event_trigger_table_rewrite_oid();
  IF rows > most THEN
    RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format(
      'The statement would write about %s rows of %s anew and lock it meanwhile; the limit is %s.',
      rows, pg_event_trigger_table_rewrite_oid()::regclass, most);
  END IF;
END
$guard$;
DROP EVENT TRIGGER IF EXISTS ${TRIGGER};
CREATE EVENT TRIGGER ${TRIGGER} ON table_rewrite EXECUTE FUNCTION ${FUNCTION}();
`;

const NOT_ALLOWED = '42501';

/**
 * Installs an event trigger that refuses to write a large table anew, however well the statement is hidden. Only a
 * superuser may, or RDS's master user; it lies in a schema of theirs, out of the reach of the role that migrates.
 * Does nothing in sessions that do not set `migrate.rewrite_limit` to the most rows that a statement may write anew, and VACUUM FULL and CLUSTER do not set it off; runs again unharmed.
 * Source: PostgreSQL 17 manual, 38.4 "A Table Rewrite Event Trigger Example".
 *
 * @returns whether it is there; false when the role of the session may not install it and nobody did before
 */
export async function installRewriteGuard(client: Client): Promise<boolean> {
  const own = client.getTransactionStatus() !== 'T';
  await client.query(own ? 'BEGIN' : 'SAVEPOINT rewrite_guard');
  try {
    await client.query(SQL);
    await client.query(own ? 'COMMIT' : 'RELEASE SAVEPOINT rewrite_guard');
    return true;
  } catch (error) {
    await client.query(
      own ? 'ROLLBACK' : 'ROLLBACK TO SAVEPOINT rewrite_guard; RELEASE SAVEPOINT rewrite_guard',
    );
    if (error instanceof DatabaseError && error.code === NOT_ALLOWED) return rewriteGuardInstalled(client);
    throw error;
  }
}

/** Whether the guard is there and on. */
export async function rewriteGuardInstalled(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_event_trigger WHERE evtname = $1 AND evtenabled IN ('O', 'A')",
    [TRIGGER],
  );
  return rowCount === 1;
}

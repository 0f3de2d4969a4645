import { type Client, escapeIdentifier } from 'pg';
import { installRewriteGuard } from '../guards';

/** The database and the two roles that sign in to it. */
export interface DatabaseRoles {
  /** Name of the database that `client` is connected to. */
  readonly database: string;
  /** Role of the API; owns nothing. */
  readonly apiUser: string;
  /** Role that runs migrations, and owns what they make. */
  readonly migratorUser: string;
}

/** What the preparation did and found. */
export interface Preparation {
  /** Roles that were not there before. */
  readonly created: readonly string[];
  /** Whether the roles sign in by an IAM token; false where the server knows no `rds_iam`. */
  readonly iam: boolean;
  /** Whether the database itself refuses to write large tables anew; false where the master user may not have it do so. */
  readonly rewriteGuard: boolean;
}

/** Two preparations at once would trip over each other's rows of the catalogue; the number means nothing else. */
const PREPARATION_LOCK = 4_217_330_581;

/**
 * Makes both roles and lends them what they need: the API may connect and look into the schema `public`, the migration
 * role may make objects, nobody else may do anything. Run it as the master user (or a superuser) connected to the
 * database; a second time it mends what differs and keeps the rest. All or nothing: it is one transaction.
 * @throws when a role holds a power that neither may have, such as passing by row-level security
 */
export async function prepareDatabase(client: Client, roles: DatabaseRoles): Promise<Preparation> {
  if (roles.apiUser === roles.migratorUser)
    throw new Error(`The API and the migrations need roles of their own, not both "${roles.apiUser}".`);
  await client.query('BEGIN');
  try {
    // Nothing else takes this lock and nothing here runs CONCURRENTLY, so waiting for it can close no circle.
    await client.query('SELECT pg_advisory_xact_lock($1)', [PREPARATION_LOCK]);
    const created = await makeRoles(client, [roles.apiUser, roles.migratorUser]);
    const iam = await lendIamSignIn(client, roles);
    await lendDatabase(client, roles);
    const rewriteGuard = await installRewriteGuard(client);
    await client.query('COMMIT');
    return { created, iam, rewriteGuard };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function makeRoles(client: Client, names: readonly string[]): Promise<string[]> {
  const created: string[] = [];
  for (const name of names) {
    const known = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
    if (known.rowCount !== 0) continue;
    await client.query(`CREATE ROLE ${escapeIdentifier(name)} LOGIN`);
    created.push(name);
  }
  await refusePowers(client, names);
  for (const name of names) await client.query(`ALTER ROLE ${escapeIdentifier(name)} LOGIN`);
  return created;
}

/** Only a superuser could take these away again, so they are named and not mended. */
async function refusePowers(client: Client, names: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ rolname: string; powers: string[] }>(
    `SELECT rolname, array_remove(ARRAY[
              CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
              CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
              CASE WHEN rolreplication THEN 'REPLICATION' END], NULL) AS powers
       FROM pg_roles WHERE rolname = ANY($1) ORDER BY rolname`,
    [names],
  );
  const tooMuch = rows
    .filter(({ powers }) => powers.length > 0)
    .map(({ rolname, powers }) => `${rolname} has ${powers.join(', ')}`);
  if (tooMuch.length > 0)
    throw new Error(`A role has a power that it may not have: ${tooMuch.join('; ')}. Take it away by hand.`);
}

/** Where the server has `rds_iam`, its members sign in by a token and by nothing else: a password would be refused. */
async function lendIamSignIn(client: Client, { apiUser, migratorUser }: DatabaseRoles): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = 'rds_iam'");
  if (rowCount === 0) return false;
  await client.query(`GRANT rds_iam TO ${escapeIdentifier(apiUser)}, ${escapeIdentifier(migratorUser)}`);
  return true;
}

async function lendDatabase(client: Client, roles: DatabaseRoles): Promise<void> {
  const [database, api, migrator] = [roles.database, roles.apiUser, roles.migratorUser].map((name) =>
    escapeIdentifier(name),
  ) as [string, string, string];
  for (const sql of [
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${api}`,
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${database} TO ${migrator}`,
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    `GRANT USAGE ON SCHEMA public TO ${api}`,
    `GRANT USAGE, CREATE ON SCHEMA public TO ${migrator}`,
    // The migrations try the API's queries with the API's privileges. Not inherited: nothing else changes by it.
    `GRANT ${api} TO ${migrator} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE`,
  ])
    await client.query(sql);
}

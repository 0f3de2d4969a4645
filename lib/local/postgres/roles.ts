import * as fs from 'node:fs';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { installRewriteGuard } from '../../migrations/guards';
import { prepareDatabase } from '../../migrations/preparation';
import { SUPERUSER } from './cluster';
import type { Place } from './place';

/** Who signs in to the database, and its name. */
export interface Access {
  /** Administers the database, as RDS's master user does; not a superuser. */
  readonly masterUser: string;
  /** Its password; absent, it cannot sign in. */
  readonly masterPassword?: string;
  /** Name of the database. */
  readonly databaseName: string;
  /**
   * Role of the API; owns nothing. Given with the other, the database is prepared at once, for those who have no
   * deployed function that does it.
   */
  readonly apiUser?: string;
  /** Role that runs migrations, and owns what they make. */
  readonly migratorUser?: string;
}

/** Where a running server answers, and whom to trust there. */
export interface Server {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** The authority, PEM. */
  readonly caFile: string;
}

/**
 * Makes what Aurora comes with: its own roles, the master user and the database. What is there already is kept or
 * mended.
 */
export async function ensureAccess(place: Place, server: Server, access: Access): Promise<void> {
  await asSuperuser(place, server, 'postgres', (admin) => makeMaster(admin, access));
  // RDS lets its master user make event triggers, which PostgreSQL itself allows a superuser alone.
  await asSuperuser(place, server, access.databaseName, async (admin) => {
    await installRewriteGuard(admin);
  });
  const { apiUser, migratorUser, databaseName } = access;
  if (apiUser !== undefined && migratorUser !== undefined)
    await asSuperuser(place, server, databaseName, async (client) => {
      await client.query(`SET SESSION AUTHORIZATION ${escapeIdentifier(access.masterUser)}`);
      await prepareDatabase(client, { database: databaseName, apiUser, migratorUser });
    });
}

/** Key of the lock under which the master user's password is changed; the end of the session frees it. */
const MASTER_PASSWORD_LOCK = 5_432;

/** Gives the master user another password, as RDS does when it manages it. */
export async function giveMasterPassword(
  place: Place,
  server: Server,
  masterUser: string,
  password: string,
): Promise<void> {
  await asSuperuser(place, server, 'postgres', async (admin) => {
    // Stacks that end at the same time each give it, and PostgreSQL refuses two changes of a role at once.
    await admin.query('SELECT pg_advisory_lock($1)', [MASTER_PASSWORD_LOCK]);
    await setPassword(admin, masterUser, password);
  });
}

async function makeMaster(admin: Client, access: Access): Promise<void> {
  const [master, database] = [access.masterUser, access.databaseName].map((name) =>
    escapeIdentifier(name),
  ) as [string, string];
  const roles = [SUPERUSER, 'rds_superuser', 'rds_iam', access.masterUser];
  if (new Set(roles).size !== roles.length) throw new Error('The master user needs a name of its own.');
  for (const role of roles)
    if ((await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).rowCount === 0)
      await admin.query(`CREATE ROLE ${escapeIdentifier(role)}`);
  await admin.query(`ALTER ROLE ${master} LOGIN CREATEDB CREATEROLE`);
  if (access.masterPassword !== undefined) await setPassword(admin, access.masterUser, access.masterPassword);
  await admin.query(`GRANT rds_iam TO ${master} WITH ADMIN TRUE`);
  await admin.query('GRANT pg_monitor, pg_signal_backend TO rds_superuser');
  await admin.query(`GRANT rds_superuser TO ${master}`);
  if ((await admin.query('SELECT FROM pg_database WHERE datname = $1', [access.databaseName])).rowCount === 0)
    await admin.query(`CREATE DATABASE ${database} OWNER ${master}`);
}

async function setPassword(admin: Client, user: string, password: string): Promise<void> {
  // A statement that fails is written to the log, and this one holds a password.
  await admin.query("SET log_min_error_statement = 'panic'");
  await admin.query(`ALTER ROLE ${escapeIdentifier(user)} PASSWORD ${escapeLiteral(password)}`);
}

async function asSuperuser(
  place: Place,
  server: Server,
  database: string,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port: server.port,
    database,
    user: SUPERUSER,
    password: fs.readFileSync(place.passwordFile, 'utf8'),
    ssl: { ca: fs.readFileSync(server.caFile, 'utf8') },
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

import * as fs from 'node:fs';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { SUPERUSER } from './cluster';
import type { Place } from './place';

/** Who signs in to the database, and its name. */
export interface Access {
  /** Administers the database, as RDS's master user does; not a superuser. */
  readonly masterUser: string;
  /** Its password; absent, it cannot sign in. */
  readonly masterPassword?: string;
  /** Role of the API; owns nothing. */
  readonly apiUser: string;
  /** Role that runs migrations, and owns what they make. */
  readonly migratorUser: string;
  /** Name of the database. */
  readonly databaseName: string;
}

/** Makes the database and its roles, or mends them; what is there already is kept. */
export async function ensureRoles(
  place: Place,
  server: { readonly port: number; readonly caFile: string },
  access: Access,
): Promise<void> {
  const connect = async (database: string): Promise<Client> => {
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
    return client;
  };
  const [master, api, migrator, database] = [
    access.masterUser,
    access.apiUser,
    access.migratorUser,
    access.databaseName,
  ].map((name) => escapeIdentifier(name)) as [string, string, string, string];

  const admin = await connect('postgres');
  try {
    // A statement that fails is written to the log, and one of these holds a password.
    await admin.query("SET log_min_error_statement = 'panic'");
    const roles = [
      SUPERUSER,
      'rds_superuser',
      'rds_iam',
      access.masterUser,
      access.apiUser,
      access.migratorUser,
    ];
    if (new Set(roles).size !== roles.length)
      throw new Error('The master, API and migration roles need names of their own.');
    for (const role of roles)
      if ((await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).rowCount === 0)
        await admin.query(`CREATE ROLE ${escapeIdentifier(role)}`);
    const password = access.masterPassword === undefined ? 'NULL' : escapeLiteral(access.masterPassword);
    await admin.query(`ALTER ROLE ${master} LOGIN CREATEDB CREATEROLE PASSWORD ${password}`);
    for (const role of [api, migrator]) await admin.query(`ALTER ROLE ${role} LOGIN PASSWORD NULL`);
    await admin.query(`GRANT rds_iam TO ${api}, ${migrator}`);
    await admin.query(`GRANT rds_iam TO ${master} WITH ADMIN TRUE`);
    await admin.query('GRANT pg_monitor, pg_signal_backend TO rds_superuser');
    await admin.query(`GRANT rds_superuser, ${migrator} TO ${master}`);
    if (
      (await admin.query('SELECT FROM pg_database WHERE datname = $1', [access.databaseName])).rowCount === 0
    )
      await admin.query(`CREATE DATABASE ${database} OWNER ${master}`);
    await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${api}`);
    await admin.query(`GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${database} TO ${migrator}`);
  } finally {
    await admin.end();
  }

  const inside = await connect(access.databaseName);
  try {
    await inside.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${migrator}`);
    await inside.query(`GRANT USAGE ON SCHEMA public TO ${api}`);
  } finally {
    await inside.end();
  }
}

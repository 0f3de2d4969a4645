import type { Client } from 'pg';

/** Sessions of one release. */
export interface ReleaseSessions {
  /** What they call themselves. */
  readonly application: string;
  /** How many there are. */
  readonly count: number;
}

/** How a release names its sessions. */
export interface OwnRelease {
  /** Such as `telehealth-api/`. */
  readonly prefix: string;
  /** Such as `1.4.0`. */
  readonly release: string;
}

/** What PostgreSQL keeps of a session's name, in bytes: NAMEDATALEN - 1. */
const NAME_BYTES = 63;

/**
 * Sessions of the application in this database that are of another release than this one. Names of sessions
 * are open to every role.
 *
 * @param client - any session in the database
 * @param own - this release, and what its name is preceded by in names of sessions
 */
export async function olderSessions(client: Client, own: OwnRelease): Promise<readonly ReleaseSessions[]> {
  const name = Buffer.from(own.prefix + own.release)
    .subarray(0, NAME_BYTES)
    .toString();
  const { rows } = await client.query<{ application: string; count: number }>(
    `SELECT application_name AS application, count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND starts_with(application_name, $1) AND application_name <> $2
     GROUP BY 1 ORDER BY 1`,
    [own.prefix, name],
  );
  return rows;
}

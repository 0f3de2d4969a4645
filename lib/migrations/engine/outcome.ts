import type { Problem } from '../report';
import { problemOf, sqlstateOf } from './errors';
import type { Row } from './history';

/** Number of the newest applied migration, 0 when there is none. */
export function versionOf(rows: readonly Row[]): number {
  return Math.max(0, ...rows.filter(({ state }) => state === 'applied').map(({ id }) => id));
}

/** An error that reached the outside: of a connection that did not come about, or one that broke. */
export function unreached(error: unknown, connected: boolean): Problem {
  if (connected) return problemOf(error);
  const sqlstate = sqlstateOf(error);
  // Class 28 is what PostgreSQL answers to a role that it does not let in. Source: manual, appendix A.
  if (sqlstate?.startsWith('28'))
    return {
      code: 'sign-in-refused',
      message: `The database does not let the migrator in (${sqlstate}).`,
      mend: 'Prepare the database: its roles are missing, or the role may not sign in this way.',
      sqlstate,
    };
  return {
    ...problemOf(error),
    code: 'no-connection',
    message: `The database cannot be reached: ${error instanceof Error ? error.message : 'unknown'}.`,
    mend: 'Check that it runs, the host and the port, and that the certificate names that host.',
  };
}

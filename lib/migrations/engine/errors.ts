import { DatabaseError } from 'pg';
import type { Problem } from '../report';

/** Says no before anything of it was done, or after all of it was taken back. */
export class Refusal extends Error {
  constructor(
    /** Everything that is wrong. */
    readonly problems: readonly Problem[],
  ) {
    super(problems.map(({ message }) => message).join(' '));
  }
}

/** Broke while a migration ran. */
export class Failure extends Error {
  constructor(
    /** What broke. */
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

/** The time is up; the same request continues. */
export class OutOfTime extends Error {}

/** Lock not available, and deadlock: nobody's fault, and gone at the next try. */
export function isRetryable(error: unknown): boolean {
  return ['55P03', '40P01'].includes(sqlstateOf(error) ?? '');
}

/** PostgreSQL's error code, when it is an error of PostgreSQL. */
export function sqlstateOf(error: unknown): string | undefined {
  return error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(?=.*\d)[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined;
}

/** Whether the session is gone: ended by the server, by an administrator, or cut. */
export function isConnectionLost(error: unknown): boolean {
  const sqlstate = sqlstateOf(error);
  if (sqlstate !== undefined) return /^(08|57P0[1-5]|25P0[34]|58)/.test(sqlstate);
  return error instanceof Error && !(error instanceof DatabaseError) && CUT.test(error.message);
}

/** What Node and `pg` say of a connection that is no more. */
const CUT = /connection (terminated|error)|not queryable|ECONN|EPIPE|ETIMEDOUT|socket|ended/i;

/** Whether the database had no room for what was written: its disk, a quota or the largest file. */
function isDiskFull(error: unknown): boolean {
  if (sqlstateOf(error) === '53100') return true;
  return error instanceof DatabaseError && NO_ROOM.test(error.message);
}

/** PostgreSQL has a code of its own for a full disk only; the words name a file. */
const NO_ROOM = /^could not (extend|write).*: (No space left on device|Disk quota exceeded|File too large)$/;

/** Classes of errors whose words name objects and never values of rows. Source: manual, appendix A. */
const WORDS_ARE_SAFE = /^(08|0A|23|25|2B|2F|3D|3F|40|42|53|54|55|57|58|F0)/;

/** PostgreSQL's words without anything that could be a value of a row: it puts those in quotes, or after a colon. */
export function safeWords(error: unknown): string {
  const sqlstate = sqlstateOf(error);
  if (!(error instanceof Error)) return 'an unknown error';
  if (sqlstate === undefined)
    return isConnectionLost(error) ? error.message : `an error of the engine (${error.name})`;
  if (WORDS_ARE_SAFE.test(sqlstate) || isDiskFull(error)) return error.message.replace(/\.$/, '');
  if (sqlstate.startsWith('22')) return (error.message.replace(/".*"/s, '"…"').split(': ')[0] ?? '').trim();
  return `error ${sqlstate}; its words are left out, since they may hold values of rows`;
}

/** Where an error came about. */
export interface Place {
  /** Title of the migration. */
  readonly migration: string;
  /** File. */
  readonly file: string;
  /** Line in the file, from 1. */
  readonly line?: number;
}

const MENDS = {
  'disk-full': 'Give the database room, then run it again: it continues where the history says.',
  'connection-lost': 'Run it again: it continues where the history says. `status` explains what is there.',
  'lock-timeout': 'Another transaction holds the lock. Wait for it or end it, and run again.',
  'sql-error': 'Mend the statement, or the data that it meets, and run again.',
};

function codeOf(error: unknown): keyof typeof MENDS {
  if (isDiskFull(error)) return 'disk-full';
  if (isConnectionLost(error)) return 'connection-lost';
  return isRetryable(error) ? 'lock-timeout' : 'sql-error';
}

/** An error of PostgreSQL as a problem, stripped of everything that could hold values of rows. */
export function problemOf(error: unknown, place?: Place, more: Partial<Problem> = {}): Problem {
  if (error instanceof Failure) return error.problem;
  const sqlstate = sqlstateOf(error);
  const code = codeOf(error);
  const where = place ? `${place.file}${place.line === undefined ? '' : `:${place.line}`}: ` : '';
  return {
    code,
    message: `${where}${safeWords(error)}.`,
    mend: MENDS[code],
    ...place,
    ...(sqlstate !== undefined && { sqlstate }),
    ...more,
  };
}

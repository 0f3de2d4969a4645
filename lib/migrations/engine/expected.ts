import type { Client } from 'pg';
import { type Catalogue, catalogueHash, differences, takeSnapshot } from '../catalogue';
import type { Difference, Problem } from '../report';

/** Snapshots that are kept, newest first. */
const KEPT = 20;
/** Differences that one problem names. */
const NAMED = 10;

/** What a database should consist of, and what it does. */
export interface Drift {
  /** Whether there is anything to compare with: not before the first run, nor after one that did not end. */
  readonly known: boolean;
  /** Every difference. */
  readonly differences: readonly Difference[];
}

/** Compares the catalogue with the one that the last run left. */
export async function findDrift(client: Client): Promise<Drift> {
  const { rows } = await client.query<{ hash: string; stale: boolean }>(
    'SELECT hash, stale FROM migrate.snapshots ORDER BY sequence DESC LIMIT 1',
  );
  const newest = rows[0];
  if (!newest || newest.stale) return { known: false, differences: [] };
  const found = await takeSnapshot(client);
  if (catalogueHash(found) === newest.hash) return { known: true, differences: [] };
  const expected = await client.query<{ catalogue: Catalogue }>(
    'SELECT catalogue FROM migrate.snapshots ORDER BY sequence DESC LIMIT 1',
  );
  const catalogue = expected.rows[0]?.catalogue;
  return { known: true, differences: catalogue ? differences(catalogue, found) : [] };
}

/** Keeps the catalogue as it is now: what the next run expects. */
export async function storeExpected(client: Client): Promise<void> {
  const catalogue = await takeSnapshot(client);
  const hash = catalogueHash(catalogue);
  await client.query(
    `WITH same AS (
       UPDATE migrate.snapshots SET stale = false WHERE hash = $1
         AND sequence = (SELECT max(sequence) FROM migrate.snapshots) RETURNING sequence
     ), gone AS (
       DELETE FROM migrate.snapshots WHERE sequence <= (SELECT max(sequence) - ${KEPT} FROM migrate.snapshots)
     )
     INSERT INTO migrate.snapshots (version, hash, catalogue)
     SELECT (SELECT coalesce(max(id), 0) FROM migrate.history WHERE state = 'applied'), $1, $2
     WHERE NOT EXISTS (SELECT FROM same)`,
    [hash, JSON.stringify(catalogue)],
  );
}

/** Said when there is nothing to compare the database with. */
export const DRIFT_UNKNOWN: Problem = {
  code: 'drift-unknown',
  message:
    'A run ended in the middle of a migration: whether somebody else changed the database since is not known.',
  mend: 'Let `up` finish what is half-done; from then on drift is found again.',
};

/** Differences as a reason not to migrate. */
export function driftProblems(found: readonly Difference[]): readonly Problem[] {
  if (found.length === 0) return [];
  const named = found.slice(0, NAMED).map(({ kind, object, expected, found: there }) => {
    if (expected === undefined) return `${kind} ${object} is new`;
    return `${kind} ${object} is ${there === undefined ? 'gone' : 'changed'}`;
  });
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  return [
    {
      code: 'drift',
      message: `The database is not as the migrations left it: ${named.join('; ')}${more}.`,
      mend: 'Take the change back, or write it as a migration; when it is right as it is, `repair` accepts it. `drift` shows all of it.',
    },
  ];
}

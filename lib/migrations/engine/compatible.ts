import type { Client } from 'pg';
import { prepareQueries } from '../guards';
import type { NamedQuery } from '../ports';
import type { Problem } from '../report';
import type { Engine } from './options';

/**
 * Why an older release cannot serve the schema as it is: each of its queries that the database now refuses. What it was
 * asked was kept when the database was migrated for it; of a release that was never migrated for, nothing is known.
 * Empty when it can serve.
 */
export async function incompatibilities(
  client: Client,
  { applicationRole }: Engine,
  release: string,
  history: boolean,
): Promise<readonly Problem[]> {
  const queries = history ? await queriesOf(client, release) : undefined;
  if (!queries) return [unknown(release)];
  const prepared = await prepareQueries(client, queries, applicationRole);
  return prepared.flatMap((one) =>
    'error' in one
      ? [
          {
            code: 'breaks-older-release',
            message: `The query ${one.name} of release ${release} is refused by the schema as it is: ${one.error}.`,
            mend: 'Do not go back to it. Release a new version that goes without what it needs.',
            sqlstate: one.sqlstate,
          },
        ]
      : [],
  );
}

async function queriesOf(client: Client, release: string): Promise<readonly NamedQuery[] | undefined> {
  const { rows } = await client.query<{ queries: readonly NamedQuery[] }>(
    'SELECT queries FROM migrate.releases WHERE release = $1',
    [release],
  );
  return rows[0]?.queries;
}

function unknown(release: string): Problem {
  return {
    code: 'release-unknown',
    message: `The queries of release ${release} are not known here: it was never migrated for, or too long ago.`,
    mend: 'Release its commit anew, which migrates for it, instead of going back to its tasks.',
  };
}

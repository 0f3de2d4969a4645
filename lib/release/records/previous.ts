import type { ReleaseClients } from '../aws/clients';
import type { Patience } from '../aws/persist';
import type { Snapshot } from '../deployment/model';
import { readDescription } from '../description';
import { fullName } from '../live';
import type { ReleaseRecord } from './model';
import { HISTORY, readRecords } from './store';

/** Where the records are. */
export interface RecordsOf extends Pick<Patience, 'clock' | 'progress'> {
  /** The environment's services. */
  readonly clients: Pick<ReleaseClients, 'dynamoDb'>;
  /** Name of their table. */
  readonly table: string;
  /** Environment. */
  readonly environment: string;
}

const FOR_MS = 20_000;

/**
 * What a deployment replaced that had all traffic when it was joined, as an ARN; nothing when it cannot be found out,
 * which is told.
 */
export async function findPrevious(
  { clients, table, environment, clock, progress }: RecordsOf,
  deployment: Snapshot,
  taskDefinition: string,
): Promise<string | undefined> {
  const patience = { clock, progress, forMs: FOR_MS };
  const query = { environment, limit: HISTORY };
  const records = await readRecords(clients, table, query, patience).catch((error: unknown) => {
    progress(`The records cannot be read (${String(error)}).`);
    return [];
  });
  return previousOf(deployment, taskDefinition, records);
}

/**
 * What a deployment replaced, for one whose beginning nobody saw: as it says itself, else what the last good record before
 * it brought up. Its target names task sets alone, and the old one is deleted when it is over.
 * @param deployment - as CodeDeploy tells it
 * @param taskDefinition - what it brought up
 * @param records - newest first
 */
export function previousOf(
  deployment: Snapshot,
  taskDefinition: string,
  records: readonly ReleaseRecord[],
): string | undefined {
  const { inPlaceOf } = readDescription(deployment.description) ?? {};
  const said = inPlaceOf === undefined ? undefined : fullName(inPlaceOf, taskDefinition);
  const begun = deployment.createdAt?.getTime() ?? 0;
  const before = records.find(
    ({ outcome, endedAt }) => outcome === 'succeeded' && Date.parse(endedAt) <= begun,
  );
  const previous = said ?? before?.taskDefinition;
  return previous === taskDefinition ? undefined : previous;
}

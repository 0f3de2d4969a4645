import { PutItemCommand, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import { RELEASE_KEY, releaseRecord, type ReleaseRecord } from './model';

type Table = Pick<ReleaseClients, 'dynamoDb'>;

/** Records to look through for what had the traffic before. */
export const HISTORY = 200;

/**
 * Keeps a record. It is never changed again: two that watched the same deployment have the same key, and the first one's
 * record stays.
 * @returns whether it was new
 */
export async function putRecord(
  { dynamoDb }: Table,
  table: string,
  record: ReleaseRecord,
  patience: Patience,
): Promise<boolean> {
  try {
    await persist(
      'DynamoDB',
      () =>
        dynamoDb.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall(releaseRecord.parse(record), { removeUndefinedValues: true }),
            ConditionExpression: 'attribute_not_exists(#sort)',
            ExpressionAttributeNames: { '#sort': RELEASE_KEY.sort },
          }),
        ),
      patience,
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** Which records to read. */
export interface RecordQuery {
  /** Environment. */
  readonly environment: string;
  /** Most to read. */
  readonly limit: number;
  /**
   * Only what began at this moment or later.
   * @default - however old
   */
  readonly since?: Date;
}

/** Records of an environment, newest first. Those of a form that is not known here are left out. */
export async function readRecords(
  { dynamoDb }: Table,
  table: string,
  { environment, limit, since }: RecordQuery,
  patience: Patience,
): Promise<readonly ReleaseRecord[]> {
  const found: ReleaseRecord[] = [];
  let start: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const page: QueryCommandOutput = await persist(
      'DynamoDB',
      () =>
        dynamoDb.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: `#partition = :environment${since ? ' AND #sort >= :since' : ''}`,
            ExpressionAttributeNames: {
              '#partition': RELEASE_KEY.partition,
              ...(since && { '#sort': RELEASE_KEY.sort }),
            },
            ExpressionAttributeValues: marshall({
              ':environment': environment,
              ...(since && { ':since': since.toISOString() }),
            }),
            ScanIndexForward: false,
            Limit: limit,
            ...(start && { ExclusiveStartKey: start }),
          }),
        ),
      patience,
    );
    for (const item of page.Items ?? []) {
      const { data } = releaseRecord.safeParse(unmarshall(item));
      if (data) found.push(data);
    }
    start = page.LastEvaluatedKey;
  } while (start && found.length < limit);
  return found.slice(0, limit);
}

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

const SECONDS_PER_DAY = 86_400;

/** One audit event; the attributes are those that the audit table's keys and indexes know. */
export interface AuditEvent {
  /** What makes the event one of its kind; the same event twice is recorded once. */
  readonly eventId: string;
  /** When it happened, in milliseconds since 1970. */
  readonly timestamp: number;
  /** What happened. */
  readonly action: string;
  /** Who did it: the platform's own id, never a name or an address. */
  readonly userId?: string | undefined;
  /** What it happened to, by id. */
  readonly details: Readonly<Record<string, string | undefined>>;
}

/** Where audit events go and how long they are kept. */
export interface AuditTable {
  /** The table. */
  readonly tableName: string;
  /** Days after which a record may go. */
  readonly retentionDays: number;
}

/**
 * Appends an event, once.
 * @returns whether it was new; an event that is delivered again changes nothing
 */
export async function appendAuditEvent(
  client: DynamoDBClient,
  { tableName, retentionDays }: AuditTable,
  event: AuditEvent,
): Promise<boolean> {
  const details = Object.entries(event.details).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, { S: value }] as const],
  );
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: {
          eventId: { S: event.eventId },
          timestamp: { N: String(event.timestamp) },
          action: { S: event.action },
          ...(event.userId !== undefined && { userId: { S: event.userId } }),
          expiresAt: { N: String(Math.ceil(event.timestamp / 1000) + retentionDays * SECONDS_PER_DAY) },
          details: { M: Object.fromEntries(details) },
        },
        ConditionExpression: 'attribute_not_exists(eventId)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

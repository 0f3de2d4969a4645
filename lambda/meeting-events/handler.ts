import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { appendAuditEvent } from '../shared/audit';
import { parseEnvironment } from '../shared/environment';
import { logger, metrics, traced, tracer } from '../shared/telemetry';
import { meetingEventsSchema, meetingMetrics } from './env';
import { meetingEvent } from './event';

const { AUDIT_TABLE, AUDIT_RETENTION_DAYS } = parseEnvironment(meetingEventsSchema);
const client = tracer.captureAWSv3Client(new DynamoDBClient());

/** Event types that count as trouble. */
const COUNTED: Readonly<Record<string, string>> = {
  'chime:AttendeeDropped': meetingMetrics.failedJoins,
  'chime:AttendeeAuthorized': meetingMetrics.tokenReuse,
};

/**
 * Records what happens in a video visit. The log holds the type of an event and nothing of who or which visit.
 * @throws z.ZodError when the event is not a meeting event; the queue of dead letters keeps it
 */
export const handler = traced(async (input: unknown): Promise<void> => {
  const { id, detail } = meetingEvent.parse(input);
  const recorded = await appendAuditEvent(
    client,
    { tableName: AUDIT_TABLE, retentionDays: Number(AUDIT_RETENTION_DAYS) },
    {
      eventId: id,
      timestamp: detail.timestamp,
      action: detail.eventType,
      userId: detail.externalUserId,
      details: {
        meetingId: detail.meetingId,
        visitId: detail.externalMeetingId,
        attendeeId: detail.attendeeId,
      },
    },
  );
  logger.info(recorded ? 'meeting event recorded' : 'meeting event seen before', { type: detail.eventType });
  const metric = COUNTED[detail.eventType];
  if (recorded && metric) metrics.addMetric(metric, MetricUnit.Count, 1);
});

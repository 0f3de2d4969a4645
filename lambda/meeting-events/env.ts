import * as z from 'zod';

/** What the handler of meeting events is told. */
export const meetingEventsSchema = z.object({
  /** Table that events are appended to. */
  AUDIT_TABLE: z.string().min(1),
  /** Days that an audit record is kept. */
  AUDIT_RETENTION_DAYS: z.string().regex(/^\d+$/, 'a number of days'),
});

/** Names of the metrics that the handler writes; the stack's alarms watch the same. */
export const meetingMetrics = {
  /** A person was dropped: Chime tells no other sign that somebody could not join or stay. */
  failedJoins: 'VideoFailedJoins',
  /** A join token that had been used was used again. */
  tokenReuse: 'VideoTokenReuse',
} as const;

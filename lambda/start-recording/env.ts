import * as z from 'zod';

const arn = z.string().startsWith('arn:', 'an ARN');

/** What the handler that starts recordings is told. */
export const startRecordingSchema = z.object({
  /** Bucket that recordings are kept in. */
  RECORDINGS_BUCKET_ARN: arn,
  /** Key that each object is encrypted with. */
  RECORDINGS_KEY_ARN: arn,
  /** Role by which Chime writes into the bucket. */
  SINK_ROLE_ARN: arn,
  /** Table that the start is recorded in. */
  AUDIT_TABLE: z.string().min(1),
  /** Days that an audit record is kept. */
  AUDIT_RETENTION_DAYS: z.string().regex(/^\d+$/, 'a number of days'),
});

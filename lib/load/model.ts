import { z } from 'zod';

/** What became of the requests whose answers came within a quarter of a second. */
export const bucketSchema = z.object({
  /** Beginning, milliseconds since 1970. */
  at: z.number(),
  /** Answers of 200 to 399. */
  good: z.number(),
  /** All others, by status or by what broke, such as `503` or `ECONNRESET`. */
  failed: z.record(z.string(), z.number()),
  /** How long each answer took, in milliseconds. */
  latencies: z.array(z.number()),
});

/** See {@link bucketSchema}. */
export type Bucket = z.output<typeof bucketSchema>;

/** Length of a bucket in milliseconds. */
export const BUCKET_MILLISECONDS = 250;

/** Figures of a stretch of time. */
export interface Figures {
  /** What the time is called. */
  readonly name: string;
  /** Requests answered or broken. */
  readonly requests: number;
  /** Those that failed, by status or by what broke. */
  readonly failed: Readonly<Record<string, number>>;
  /** Half of the answers took at most this, in milliseconds. */
  readonly p50: number;
  /** 99 of 100 took at most this, in milliseconds. */
  readonly p99: number;
  /** The slowest, in milliseconds. */
  readonly worst: number;
}

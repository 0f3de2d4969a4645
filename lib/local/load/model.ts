import { z } from 'zod';

/** What the load's process is told. */
export const loadSettings = z.object({
  /** Address that is asked, with its path. */
  url: z.url(),
  /** File of the authority that signs the address's certificate. */
  caFile: z.string(),
  /** Requests in a second. */
  rps: z.number().positive(),
  /** Headers of each request. */
  headers: z.record(z.string(), z.string()).default({}),
  /** File that the buckets are written to, a line each. */
  file: z.string(),
});

/** See {@link loadSettings}. */
export type LoadSettings = z.output<typeof loadSettings>;

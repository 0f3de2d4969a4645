import * as z from 'zod';
import { LOCK_MODES } from './model';
import type { Report } from './report';

const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
const phase = z.enum(['expand', 'contract']);
const reversible = z.enum(['lossless', 'lossy', 'no']);

const problem = z.strictObject({
  code: z.string(),
  message: z.string(),
  mend: z.string(),
  migration: z.string().exactOptional(),
  file: z.string().exactOptional(),
  line: z.int().positive().exactOptional(),
  sqlstate: z.string().exactOptional(),
});

const base = {
  schemaVersion: z.literal(1),
  outcome: z.enum(['done', 'continue', 'refused', 'failed']),
  problems: z.array(problem),
  milliseconds,
};

const lock = z.strictObject({
  pid: count,
  application: z.string(),
  user: z.string(),
  address: z.string().exactOptional(),
  sinceMs: z.number(),
  state: z.string(),
});

const status = z.strictObject({
  ...base,
  action: z.literal('status'),
  version: count.exactOptional(),
  migrations: z.array(
    z.strictObject({
      title: z.string(),
      phase,
      reversible,
      state: z.enum(['pending', 'running', 'applied', 'failed']),
      words: z.string(),
      at: z.iso.datetime().exactOptional(),
      milliseconds: milliseconds.exactOptional(),
      attempts: count.exactOptional(),
      release: z.string().exactOptional(),
      steps: z.strictObject({ done: count, all: count }).exactOptional(),
      rows: z.strictObject({ done: count, all: count }).exactOptional(),
    }),
  ),
  lock: lock.exactOptional(),
});

const tableLock = z.strictObject({
  table: z.string(),
  mode: z.enum(LOCK_MODES),
  rewrites: z.boolean(),
  scans: z.boolean(),
});

const plan = z.strictObject({
  ...base,
  action: z.literal('plan'),
  migrations: z.array(
    z.strictObject({
      title: z.string(),
      phase,
      reversible,
      destructive: z.boolean(),
      statements: z.array(
        z.strictObject({
          sql: z.string(),
          line: z.int().positive(),
          locks: z.array(tableLock),
          rows: count.exactOptional(),
          estimateMs: milliseconds.exactOptional(),
        }),
      ),
    }),
  ),
  digest: z.string(),
});

const drift = z.strictObject({
  ...base,
  action: z.literal('drift'),
  differences: z.array(
    z.strictObject({
      kind: z.string(),
      object: z.string(),
      expected: z.string().exactOptional(),
      found: z.string().exactOptional(),
    }),
  ),
});

const run = z.strictObject({
  ...base,
  action: z.enum(['up', 'down', 'repair', 'baseline']),
  steps: z.array(
    z.strictObject({
      title: z.string(),
      direction: z.enum(['up', 'down', 'repeatable']),
      outcome: z.enum(['applied', 'undone', 'continue', 'failed', 'kept']),
      milliseconds,
      attempts: count,
      rows: count.exactOptional(),
      stallMs: milliseconds.exactOptional(),
    }),
  ),
  version: count.exactOptional(),
});

/** The form of every report, for who reads one as JSON; docs/migrations/report.schema.json is made from it. */
export const reportSchema: z.ZodType<Report> = z.discriminatedUnion('action', [
  status,
  plan,
  drift,
  run,
  z.strictObject({ ...base, action: z.literal('lock'), lock: lock.exactOptional() }),
  z.strictObject({ ...base, action: z.literal('compatible'), release: z.string() }),
]);

/** The published form, as JSON Schema. */
export function reportJsonSchema(): object {
  return {
    ...z.toJSONSchema(reportSchema),
    title: 'Report of the migrations',
    description: 'What `npm run migrate -- <action> --json` prints and the runner function answers.',
  };
}

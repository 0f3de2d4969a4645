import * as z from 'zod';
import { LOCK_MODES, type MigrationSet } from './model';

const lock = z.strictObject({
  table: z.string(),
  mode: z.enum(LOCK_MODES),
  rewrites: z.boolean(),
  scans: z.boolean(),
});
const statement = z.strictObject({
  sql: z.string(),
  line: z.int().positive(),
  kind: z.string(),
  locks: z.array(lock),
  destructive: z.boolean(),
  concurrently: z
    .strictObject({ verb: z.enum(['create', 'drop', 'reindex']), index: z.string() })
    .exactOptional(),
});
const script = z.strictObject({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  transaction: z.boolean(),
  lockTimeoutMs: z.int().positive(),
  statementTimeoutMs: z.int().positive(),
  statements: z.array(statement),
});
const assertion = z.strictObject({ sql: z.string(), line: z.int().positive() });
const migration = z.strictObject({
  id: z.int().positive(),
  name: z.string(),
  phase: z.enum(['expand', 'contract']),
  reversible: z.enum(['lossless', 'lossy', 'no']),
  backfill: z
    .strictObject({
      table: z.string(),
      key: z.string(),
      batch: z.int().positive(),
      pauseMs: z.int().nonnegative(),
    })
    .exactOptional(),
  approval: z.strictObject({ by: z.string(), ticket: z.string(), reason: z.string() }).exactOptional(),
  checks: z.strictObject({ before: z.array(assertion), after: z.array(assertion) }),
  up: script,
  down: script,
});
const manifest = z.strictObject({
  version: z.literal(1),
  migrations: z.array(migration),
  repeatables: z.array(z.strictObject({ name: z.string(), script })),
});

/** The set as a text that needs no SQL grammar to read: what the runner in the VPC carries. */
export function writeManifest(set: MigrationSet): string {
  return `${JSON.stringify({ version: 1, ...set }, undefined, 1)}\n`;
}

/**
 * Reads what `writeManifest` wrote.
 * @throws Error that names every field that is wrong
 */
export function parseManifest(text: string): MigrationSet {
  const parsed = manifest.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`The manifest of the migrations is not valid:\n${z.prettifyError(parsed.error)}`);
  const { migrations, repeatables } = parsed.data;
  return { migrations, repeatables };
}

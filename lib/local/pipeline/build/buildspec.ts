import { parse } from 'yaml';
import { z } from 'zod';

/** Phases of a buildspec, in the order they run. */
export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const;

/** Name of a phase in a buildspec. */
export type PhaseName = (typeof PHASES)[number];

const value = z.union([z.string(), z.number(), z.boolean()]).transform((given) => String(given));
const listOrOne = z.union([z.array(z.string()), z.string().transform((one) => [one])]);

const artifactSchema = z.looseObject({
  files: listOrOne.default([]),
  'base-directory': z.string().optional(),
  'discard-paths': z.union([z.boolean(), z.enum(['yes', 'no'])]).default(false),
  'exclude-paths': listOrOne.default([]),
  'enable-symlinks': z.union([z.boolean(), z.enum(['yes', 'no'])]).default(false),
});

const phaseSchema = z
  .looseObject({
    // `RETRY` forms exist as well; what they do between attempts is not documented well enough to be played.
    'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
    commands: listOrOne.default([]),
    finally: listOrOne.default([]),
    'run-as': z.undefined({ error: 'another user of the container is not played' }).optional(),
  })
  .nullable()
  .transform((phase) => phase ?? { commands: [], finally: [] });

const buildspecSchema = z.looseObject({
  version: z.union([z.literal(0.1), z.literal(0.2), z.literal('0.1'), z.literal('0.2')]),
  'run-as': z.undefined({ error: 'another user of the container is not played' }).optional(),
  batch: z.undefined({ error: 'batch builds are not played' }).optional(),
  env: z
    .looseObject({
      shell: z.enum(['sh', 'bash']).default('sh'),
      variables: z.record(z.string(), value).default({}),
      'parameter-store': z.record(z.string(), z.string()).default({}),
      'secrets-manager': z.record(z.string(), z.string()).default({}),
      'exported-variables': z.array(z.string()).default([]),
    })
    .default({
      shell: 'sh',
      variables: {},
      'parameter-store': {},
      'secrets-manager': {},
      'exported-variables': [],
    }),
  phases: z.partialRecord(z.enum(PHASES), phaseSchema).default({}),
  artifacts: artifactSchema
    .extend({ 'secondary-artifacts': z.record(z.string(), artifactSchema).default({}) })
    .optional(),
});

/** What one artifact is made from. */
export type ArtifactSpec = z.output<typeof artifactSchema>;

/** One phase. */
export type Phase = z.output<typeof phaseSchema>;

/** A buildspec, as its reference documents it. */
export type Buildspec = z.output<typeof buildspecSchema>;

/** A buildspec that cannot be read or holds what is not played; its message names every place. */
export class BuildspecError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'BuildspecError';
}

/**
 * Reads a buildspec's text, YAML or JSON.
 *
 * @throws BuildspecError with every problem
 */
export function parseBuildspec(text: string): Buildspec {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new BuildspecError(`The buildspec is no YAML: ${(error as Error).message}`);
  }
  const read = buildspecSchema.safeParse(content);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new BuildspecError(`The buildspec cannot be played: ${problems.join('; ')}`);
}

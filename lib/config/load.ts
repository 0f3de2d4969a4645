import { z } from 'zod';
import * as environments from './environments';
import { pipeline } from './pipeline';
import { ConfigurationError, type ConfigurationProblem, problemsOf, show } from './problem';
import { type Known, type Refusal, refusals, refusalsBetween } from './refusals';
import { type Configuration, type Environment, environmentSchema, pipelineSchema, TIERS } from './schema';

/** A configuration before it is checked. */
export interface Written {
  /** The environments by name. */
  readonly environments: Readonly<Record<string, unknown>>;
  /** The pipeline. */
  readonly pipeline: unknown;
}

/** The typed files as they are written, before defaults and refusals. */
export const written = { environments: { ...environments }, pipeline } satisfies Written;

const PIPELINE_FILE = 'lib/config/pipeline.ts';
const fileOf = (name: string): string => `lib/config/environments/${name}.ts`;

/** The settings of an environment that have the right form, so that the others hide nothing. */
function knownOf(input: unknown): Known {
  if (typeof input !== 'object' || input === null) return {};
  const parsed = Object.entries(environmentSchema.shape).map(
    ([key, schema]) => [key, z.safeParse(schema, (input as Record<string, unknown>)[key])] as const,
  );
  return Object.fromEntries(parsed.flatMap(([key, result]) => (result.success ? [[key, result.data]] : [])));
}

/** A refusal as a problem of one environment. */
function refused(name: string, known: Known, refusal: Refusal): ConfigurationProblem {
  const [first = '', ...rest] = refusal.path;
  const value = rest.reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown> | undefined)?.[key],
    known[first as keyof Environment],
  );
  return {
    path: ['environments', name, ...refusal.path].join('.'),
    value: show(value),
    expected: refusal.expected,
    mend: `${refusal.mend} (${fileOf(name)})`,
  };
}

/** Everything that is wrong in a configuration, in the order of its files. */
export function problemsIn(input: Written): readonly ConfigurationProblem[] {
  const all = Object.entries(input.environments).map(([key, value]) => ({
    key,
    value,
    known: knownOf(value),
  }));
  const ofEnvironments = all.flatMap(({ key, value, known }, index) => {
    const result = environmentSchema.safeParse(value);
    const misnamed = known.name !== undefined && known.name !== key;
    return [
      ...(result.error?.issues ?? []).flatMap((issue) =>
        problemsOf(issue, environmentSchema, value, ['environments', key], fileOf(key)),
      ),
      ...[
        ...(misnamed
          ? [
              {
                path: ['name'],
                expected: `"${key}", the name it is registered under`,
                mend: 'make the two the same',
              },
            ]
          : []),
        ...refusals(known),
        ...all.slice(0, index).flatMap((earlier) => refusalsBetween(earlier.key, earlier.known, known)),
      ].map((refusal) => refused(key, known, refusal)),
    ];
  });
  const ofPipeline = (pipelineSchema.safeParse(input.pipeline).error?.issues ?? []).flatMap((issue) =>
    problemsOf(issue, pipelineSchema, input.pipeline, ['pipeline'], PIPELINE_FILE),
  );
  return [...ofEnvironments, ...ofPipeline];
}

/**
 * Resolves and checks a whole configuration; the environments come in the order that a change passes through them.
 * @param input - the configuration as written; the repository's own files when left out
 * @throws ConfigurationError listing every problem, when there is one
 */
export function loadConfiguration(input: Written = written): Configuration {
  const problems = problemsIn(input);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    environments: Object.fromEntries(
      Object.entries(input.environments)
        .map(([key, value]) => [key, environmentSchema.parse(value)] as const)
        .sort(
          ([a, { tier: one }], [b, { tier: other }]) =>
            TIERS.indexOf(one) - TIERS.indexOf(other) || (a < b ? -1 : 1),
        ),
    ),
    pipeline: pipelineSchema.parse(input.pipeline),
  };
}

/** The environment that is configured under a name; undefined for every other word, also for those that each object knows. */
export function environmentNamed(
  environments: Configuration['environments'],
  name: string,
): Environment | undefined {
  return Object.hasOwn(environments, name) ? environments[name] : undefined;
}

import type { z } from 'zod';
import { dev } from './environments/dev';
import { local } from './environments/local';
import { pipeline } from './environments/pipeline';
import { prod } from './environments/prod';
import { staging } from './environments/staging';
import { type Configuration, configurationSchema } from './schema';

/** The typed files as they are written, before defaults and refusals. */
export const written = { environments: { dev, staging, prod, local }, pipeline };

/** One thing that is wrong in the configuration. */
export interface ConfigurationProblem {
  /** Where it is, for example `environments.prod.release.strategy`. */
  readonly path: string;
  /** What stands there, as JSON; `undefined` when nothing does. */
  readonly value: string;
  /** What was expected. */
  readonly expected: string;
  /** How to mend it. */
  readonly mend: string;
}

/** Thrown when the configuration is refused; its message lists every problem at once. */
export class ConfigurationError extends Error {
  /** @param problems - everything that is wrong, at least one */
  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super(
      [
        `The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:`,
        ...problems.map((p) => `  ${p.path}: is ${p.value}, expected ${p.expected}. To mend: ${p.mend}.`),
      ].join('\n'),
    );
    this.name = 'ConfigurationError';
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown): ConfigurationProblem[] {
  const place = (path: readonly PropertyKey[]): string => path.map(String).join('.') || '(top)';
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: place([...issue.path, key]),
      value: JSON.stringify(valueAt(input, [...issue.path, key])) ?? 'undefined',
      expected: 'no such setting',
      mend: 'remove it, or correct its spelling (npm run config -- explain lists every setting)',
    }));
  const mend: unknown = issue.code === 'custom' ? issue.params?.['mend'] : undefined;
  const value = valueAt(input, issue.path);
  return [
    {
      path: place(issue.path),
      value: JSON.stringify(value) ?? 'undefined',
      expected: issue.message.replace(/^Invalid (input|string|option): /, '').replace(/^expected /, ''),
      mend:
        typeof mend === 'string'
          ? mend
          : `${value === undefined ? 'add' : 'correct'} it in the environment's file under lib/config/environments`,
    },
  ];
}

/**
 * Resolves and checks a whole configuration.
 * @param input - the configuration as written; the repository's own files when left out
 * @throws ConfigurationError listing every problem, when there is one
 */
export function loadConfiguration(input: unknown = written): Configuration {
  const result = configurationSchema.safeParse(input);
  if (result.success) return result.data;
  throw new ConfigurationError(result.error.issues.flatMap((issue) => problemsOf(issue, input)));
}

/** Whether an account id is one of this repository's obvious placeholders (twelve times the same digit). */
export function isPlaceholderAccount(account: string): boolean {
  return /^(\d)\1{11}$/.test(account);
}

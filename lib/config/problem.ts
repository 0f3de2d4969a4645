import type { z } from 'zod';
import { fieldAt } from './fields';

/** One thing that is wrong in the configuration. */
export interface ConfigurationProblem {
  /** Where it is, for example `environments.prod.release.strategy`. */
  readonly path: string;
  /** What stands there, as JSON; `missing` when nothing does. */
  readonly value: string;
  /** What was expected. */
  readonly expected: string;
  /** How to mend it. */
  readonly mend: string;
}

/** Thrown when the configuration is refused; its message lists every problem at once. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super(
      [
        `The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:`,
        ...problems.map(
          (p) =>
            `  ${p.path}\n    value:    ${p.value}\n    expected: ${p.expected}\n    to mend:  ${p.mend}`,
        ),
      ].join('\n'),
    );
    this.name = 'ConfigurationError';
  }
}

/** A value as it is shown to people. */
export function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

/** What stands at a path, or undefined. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings in braces',
  record: 'a group of settings in braces',
};
const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'a URL, with its https://',
};
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/** What an issue of the schema expected, in words that need no knowledge of the schema's library. */
function expectation(issue: z.core.$ZodIssue): string {
  // Messages written in the schema say it themselves; the library's own all begin like this.
  if (!/^(Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'too_small':
      return `at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => show(value)).join(', ')}`;
    case 'invalid_union':
      return `one of ${[...('options' in issue ? (issue.options as unknown[]) : [])].map(show).join(', ')}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? issue.format;
    default:
      return issue.message;
  }
}

/**
 * Says what a schema found, one problem for each setting.
 * @param issue - what the schema found
 * @param schema - the schema that found it, for the meaning of the setting
 * @param input - what was parsed
 * @param at - where the input stands in the configuration
 * @param file - the file to edit
 */
export function problemsOf(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  input: unknown,
  at: readonly string[],
  file: string,
): ConfigurationProblem[] {
  const place = (path: readonly PropertyKey[]): string => [...at, ...path].map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: place([...issue.path, key]),
      value: show(valueAt(input, [...issue.path, key])),
      expected: 'no setting of this name here',
      mend: `remove it from ${file} or correct its spelling; \`npm run config -- explain\` lists every setting`,
    }));
  const value = valueAt(input, issue.path);
  const meaning = fieldAt(schema, issue.path)?.meaning;
  return [
    {
      path: place(issue.path),
      value: show(value),
      expected: expectation(issue) + (meaning === undefined ? '' : ` (${meaning})`),
      mend: `${value === undefined ? 'add' : 'correct'} ${issue.path.findLast((key) => typeof key === 'string') ?? 'it'} in ${file}`,
    },
  ];
}

import type { z } from 'zod';
import { settingsOf, unwrap } from './fields';
import { show } from './problem';

/** One resolved setting. */
export interface ExplainedSetting {
  /** Where it is, for example `network.natGateways`. */
  readonly path: string;
  /** Its value as JSON, or `not set`. */
  readonly value: string;
  /** Its default as JSON, when it has one. */
  readonly byDefault: string | undefined;
  /** Whether it has a default and is something else. */
  readonly differs: boolean;
  /** What it means. */
  readonly meaning: string;
}

/**
 * Lists every setting of a schema with what it is resolved to.
 * @param schema - the form of the settings
 * @param value - the resolved settings
 * @param at - where they stand
 */
export function explain(
  schema: z.core.$ZodType,
  value: unknown,
  at: readonly string[] = [],
): ExplainedSetting[] {
  const field = unwrap(schema);
  const settings = Object.entries(settingsOf(field.schema, value));
  if (settings.length > 0 && value !== undefined)
    return settings.flatMap(([key, setting]) =>
      explain(setting, (value as Record<string, unknown>)[key], [...at, key]),
    );
  const shown = value === undefined ? 'not set' : show(value);
  const byDefault = field.byDefault === undefined ? undefined : show(field.byDefault);
  return [
    {
      path: at.join('.'),
      value: shown,
      byDefault,
      differs: byDefault !== undefined && byDefault !== shown,
      meaning: field.meaning ?? '',
    },
  ];
}

/** The settings as a table for people; a star marks what differs from the default. */
export function explanation(settings: readonly ExplainedSetting[]): string {
  const width = (column: (setting: ExplainedSetting) => string): number =>
    Math.min(44, Math.max(...settings.map((setting) => column(setting).length)));
  const paths = width(({ path }) => path);
  const values = width(({ value }) => value);
  return settings
    .map(({ path, value, byDefault, differs, meaning }) => {
      const note = differs ? ` (default ${byDefault ?? ''})` : '';
      return `${differs ? '*' : ' '} ${path.padEnd(paths)}  ${value.padEnd(values)}  ${meaning}${note}`;
    })
    .join('\n');
}

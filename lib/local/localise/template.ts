import { z } from 'zod';
import type { Json } from '../bridge/literals';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.json()).optional(),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z.record(z.string(), z.json()).optional(),
});

/** One resource of a CloudFormation template. */
export type Resource = z.output<typeof resourceSchema>;

/** A CloudFormation template, as far as the localisation looks at it. */
export type Template = z.output<typeof templateSchema>;

/** Reads a template's text. */
export function parseTemplate(text: string): Template {
  return templateSchema.parse(JSON.parse(text));
}

/** Replaces every `Fn::GetAtt`, and every `Ref` as the attribute `Ref`, for which `replace` gives something else. */
export function mapReferences(
  value: Json,
  replace: (logicalId: string, attribute: string) => Json | undefined,
): Json {
  if (Array.isArray(value)) return value.map((child) => mapReferences(child, replace));
  if (value === null || typeof value !== 'object') return value;
  const target = value['Fn::GetAtt'];
  const [logicalId, attribute] =
    typeof target === 'string' ? splitOnce(target) : Array.isArray(target) ? target : [value['Ref'], 'Ref'];
  if (typeof logicalId === 'string' && typeof attribute === 'string') {
    const replacement = replace(logicalId, attribute);
    if (replacement !== undefined) return mapReferences(replacement, replace);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, mapReferences(child, replace)]),
  );
}

function splitOnce(text: string): [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}

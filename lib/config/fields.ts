import { z } from 'zod';

/** One setting of a schema, without its wrappers. */
export interface Field {
  /** What the setting means. */
  readonly meaning: string | undefined;
  /** What it is when it is left out; undefined when there is nothing then. */
  readonly byDefault: unknown;
  /** Whether it must be written. */
  readonly required: boolean;
  /** The schema of its value. */
  readonly schema: z.core.$ZodType;
}

/** Takes the wrappers (optional, default, prefault) off a schema. */
export function unwrap(schema: z.core.$ZodType): Field {
  let inner = schema;
  let meaning: string | undefined;
  let byDefault: unknown;
  let required = true;
  for (;;) {
    meaning ??= z.globalRegistry.get(inner)?.description;
    if (inner instanceof z.ZodOptional) required = false;
    else if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
      byDefault = inner.def.defaultValue;
      required = false;
    } else return { meaning, byDefault, required, schema: inner };
    inner = inner.def.innerType;
  }
}

/** The settings of a group, by name. */
export type Settings = Readonly<Record<string, z.core.$ZodType>>;

function shapeOf(group: z.ZodObject): Settings {
  return group.shape;
}

/** The settings in a group, by name; of a choice between groups, those of the group that the value has chosen. */
export function settingsOf(
  schema: z.core.$ZodType,
  value?: unknown,
): Readonly<Record<string, z.core.$ZodType>> {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return {};
  const groups = schema.options.flatMap((option) => (option instanceof z.ZodObject ? [shapeOf(option)] : []));
  const chosen = (value as Record<string, unknown> | undefined)?.[schema.def.discriminator];
  const isChosen = (shape: Settings): boolean => {
    const label = shape[schema.def.discriminator];
    return label !== undefined && z.safeParse(label, chosen).success;
  };
  return groups.find(isChosen) ?? groups.reduce((all, shape) => ({ ...all, ...shape }), {});
}

/** The setting at a path, or undefined when the schema has none there. */
export function fieldAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): Field | undefined {
  let field: Field = unwrap(schema);
  for (const key of path) {
    const next: z.core.$ZodType | undefined =
      field.schema instanceof z.ZodArray ? field.schema.element : settingsOf(field.schema)[String(key)];
    if (next === undefined) return undefined;
    const { meaning, schema: group } = field;
    field = unwrap(next);
    // An entry of a list means what the list means, and a choice's label what the choice means.
    if (group instanceof z.ZodArray) field = { ...field, meaning: field.meaning ?? meaning };
    if (group instanceof z.ZodDiscriminatedUnion && key === group.def.discriminator)
      field = { ...field, meaning };
  }
  return field;
}

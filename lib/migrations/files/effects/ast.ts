import type { Node, RangeVar } from '@pgsql/types';

/** A table's name as the statement gives it. */
export function nameOf(relation: RangeVar | undefined): string {
  return [relation?.schemaname, relation?.relname].filter((part) => part !== undefined).join('.');
}

/** The same table under one name, whether or not the statement gave the schema. */
export function qualified(name: string): string {
  return name.includes('.') ? name : `public.${name}`;
}

/** The parts of a name that the grammar gives as a list of strings. */
export function partsOf(object: Node | undefined): readonly string[] {
  const items = object !== undefined && 'List' in object ? (object.List.items ?? []) : [];
  return items.flatMap((item) =>
    'String' in item && item.String.sval !== undefined ? [item.String.sval] : [],
  );
}

/** The relations of a list. */
export function relationsOf(nodes: readonly Node[] | undefined): readonly RangeVar[] {
  return (nodes ?? []).flatMap((node) => ('RangeVar' in node ? [node.RangeVar] : []));
}

/** Calls the visitor with every node below, its kind first. */
export function walk(value: unknown, visit: (kind: string, node: object) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === 'object' && child !== null && !Array.isArray(child)) visit(key, child as object);
      walk(child, visit);
    }
}

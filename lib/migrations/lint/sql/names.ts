import type { Node, RangeVar, TypeName } from '@pgsql/types';
import { all, as, words } from './nodes';

/** `schema.name` of parts such as `['patients']`; without a schema it is `public`, as the runner pins the search path. */
export function qualified(parts: readonly string[]): string {
  const [name = '', schema = 'public'] = [...parts].reverse();
  return `${schema}.${name}`;
}

/** `schema.table` of a table as a statement names it. */
export function tableOf(relation: RangeVar | undefined): string {
  return qualified([...(relation?.schemaname ? [relation.schemaname] : []), relation?.relname ?? '']);
}

/** `schema.name` of an object as `DROP` and `COMMENT` name it: a list, a type, or a routine with arguments. */
export function objectOf(node: Node | undefined): string {
  const type = as(node, 'TypeName');
  const routine = as(node, 'ObjectWithArgs');
  const list = as(node, 'List');
  const single = as(node, 'String');
  return qualified(
    words(type?.names ?? routine?.objname ?? list?.items ?? (single ? [{ String: single }] : [])),
  );
}

/** A type, such as `varchar(50)`, `numeric(10,2)` or `text[]`; internal names, so `int4` for `integer`. */
export function typeOf(type: TypeName | undefined): string {
  const name = words(type?.names).filter((word) => word !== 'pg_catalog');
  const limits = all(type?.typmods, 'A_Const').map(({ ival }) => String(ival?.ival ?? 0));
  const array = type?.arrayBounds ? '[]' : '';
  return `${name.join('.')}${limits.length > 0 ? `(${limits.join(',')})` : ''}${array}`;
}

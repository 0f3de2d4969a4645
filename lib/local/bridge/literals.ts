/** CloudFormation hands every number and boolean of a custom resource over as a string; these marks keep what it was. */
const NUMBER = 'local:number:';
const BOOLEAN = 'local:boolean:';

/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Writes numbers and booleans as marked strings. */
export function markLiterals(value: Json): Json {
  if (typeof value === 'number') return NUMBER + String(value);
  if (typeof value === 'boolean') return BOOLEAN + String(value);
  return mapChildren(value, markLiterals);
}

/** Reads what {@link markLiterals} wrote, after CloudFormation resolved the rest. */
export function restoreLiterals(value: Json): Json {
  if (typeof value === 'string') {
    if (value.startsWith(NUMBER)) return Number(value.slice(NUMBER.length));
    if (value.startsWith(BOOLEAN)) return value === `${BOOLEAN}true`;
  }
  return mapChildren(value, restoreLiterals);
}

function mapChildren(value: Json, map: (child: Json) => Json): Json {
  if (Array.isArray(value)) return value.map(map);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child)]));
}

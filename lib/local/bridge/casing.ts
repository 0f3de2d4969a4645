import type { Json } from './literals';

/** Maps whose keys are the user's own words, not names of the API. */
const FREE_KEYS = new Set(['Options', 'DockerLabels', 'DriverOpts', 'Labels']);

/** CloudFormation's PascalCase names as the camelCase names of APIs such as ECS's. */
export function camelCase(value: Json): Json {
  if (Array.isArray(value)) return value.map(camelCase);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      FREE_KEYS.has(key) ? child : camelCase(child),
    ]),
  );
}

import * as crypto from 'node:crypto';
import type { Client, QueryResult } from 'pg';
import type { Catalogue, CatalogueObject } from './model';
import { QUERIES } from './queries';

/** Settings that change how PostgreSQL writes names, expressions and constants down. */
const SETTINGS: Readonly<Record<string, string>> = {
  search_path: '',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  quote_all_identifiers: 'off',
};
const NAMES = Object.keys(SETTINGS);

/** Sets them until the end of the transaction, and keeps what they were in settings of our own. */
const ENTER = Object.entries(SETTINGS).map(
  ([name, value]) =>
    `SELECT set_config('migrate.was_${name}', current_setting('${name}'), true), ` +
    `set_config('${name}', '${value}', true)`,
);
const LEAVE = NAMES.map(
  (name) => `SELECT set_config('${name}', current_setting('migrate.was_${name}'), true)`,
);

// One message with all of them: one way to the database and back, and one transaction if there is none.
const TEXT = [...ENTER, ...Object.values(QUERIES), ...LEAVE].join(';\n');

/**
 * Reads what the database consists of. Works in the open transaction of a migration and outside of one, sees
 * what the transaction did, and leaves the session as it was. Any role may call it.
 *
 * Not compared: the order of columns, which no `down` can bring back; roles and their memberships, which belong
 * to the server; publications and subscriptions; operators, casts, text search and foreign servers.
 */
export async function takeSnapshot(client: Client): Promise<Catalogue> {
  const results = (await client.query(TEXT)) as unknown as readonly QueryResult<CatalogueObject>[];
  const objects = results
    .slice(ENTER.length, results.length - LEAVE.length)
    .flatMap(({ rows }) => rows)
    .map(({ kind, object, definition }) => ({ kind, object, definition }));
  return { form: 1, objects: objects.sort(byKindAndName) };
}

/** SHA-256 of a catalogue, in hexadecimal digits: equal exactly when nothing that is compared differs. */
export function catalogueHash(catalogue: Catalogue): string {
  return crypto.createHash('sha256').update(JSON.stringify(catalogue)).digest('hex');
}

function byKindAndName(one: CatalogueObject, other: CatalogueObject): number {
  return compare(one.kind, other.kind) || compare(one.object, other.object);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

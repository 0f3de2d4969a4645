import type { Client } from 'pg';
import type { NamedQuery } from '../ports';
import type { Problem } from '../report';
import { describe, type Described } from './describe';
import { refusedTo } from './privileges';

/** What the database makes of a query: what it takes and gives, or why it refuses it. */
export type Fingerprint = Accepted | Refused;

interface Column {
  /** Its name. */
  readonly name: string;
  /** Its type. */
  readonly type: string;
}

interface Accepted {
  /** What the application calls it. */
  readonly name: string;
  /** Types of `$1` and so on. */
  readonly parameters: readonly string[];
  /** The columns of its rows, in order. */
  readonly results: readonly Column[];
}

/** A query that is refused. */
interface Refused {
  /** What the application calls it. */
  readonly name: string;
  /** PostgreSQL's error code. */
  readonly sqlstate: string;
  /** PostgreSQL's message. */
  readonly error: string;
}

/** Classes of errors that say nothing of the query: it could not be tried. Source: manual, appendix A. */
const UNTRIED = /^(08|25|40|53|54|55|57|58|F0|XX)/;

/**
 * Lets the database parse each query without running it. Sees what an open transaction did to the schema, and
 * leaves it as it was: nothing is prepared, changed or locked for longer than the transaction lasts.
 *
 * @param client - session of the role that migrates
 * @param queries - each a single statement
 * @param role - who sends the queries; their privileges are tried as well where the session may become that role
 * @throws what keeps the queries from being tried at all, such as a lock that is held
 */
export async function prepareQueries(
  client: Client,
  queries: readonly NamedQuery[],
  role?: string,
): Promise<readonly Fingerprint[]> {
  const own = client.getTransactionStatus() !== 'T';
  await client.query(own ? 'BEGIN READ ONLY; SAVEPOINT blue_gate' : 'SAVEPOINT blue_gate');
  try {
    const parsed = await parse(client, queries);
    const types = await typeNames(client, parsed);
    const sound = queries.filter((_query, index) => !('error' in (parsed[index] ?? {})));
    const refused = role === undefined ? [] : await refusedTo(client, role, sound);
    return parsed.map((one) => refused.find(({ name }) => name === one.name) ?? named(one, types));
  } finally {
    await client.query(own ? 'ROLLBACK' : 'ROLLBACK TO SAVEPOINT blue_gate; RELEASE SAVEPOINT blue_gate');
  }
}

function named(one: Parsed, types: (oid: number) => string): Fingerprint {
  if ('error' in one) return one;
  return {
    name: one.name,
    parameters: one.parameters.map(types),
    results: one.results.map(({ name, type }) => ({ name, type: types(type) })),
  };
}

type Parsed = (Described & { readonly name: string }) | Refused;

async function parse(client: Client, queries: readonly NamedQuery[]): Promise<readonly Parsed[]> {
  const { described, error } = await describe(
    client,
    queries.map(({ sql }) => sql),
  );
  const parsed = described.map((one, index) => ({ ...one, name: queries[index]?.name ?? '' }));
  const refused = queries[described.length];
  if (!error) return parsed;
  const sqlstate = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!refused || sqlstate === '' || UNTRIED.test(sqlstate)) throw error;
  await client.query('ROLLBACK TO SAVEPOINT blue_gate');
  return [
    ...parsed,
    { name: refused.name, sqlstate, error: error.message },
    ...(await parse(client, queries.slice(described.length + 1))),
  ];
}

async function typeNames(client: Client, parsed: readonly Parsed[]): Promise<(oid: number) => string> {
  const oids = parsed.flatMap((one) =>
    'error' in one ? [] : [...one.parameters, ...one.results.map(({ type }) => type)],
  );
  const { rows } = await client.query<{ oid: number; name: string }>(
    'SELECT oid, format_type(oid, NULL) AS name FROM unnest($1::oid[]) oid',
    [[...new Set(oids)]],
  );
  const names = new Map(rows.map(({ oid, name }) => [oid, name]));
  return (oid) => names.get(oid) ?? `type ${oid}`;
}

/** What breaks between two fingerprints of the same queries; what was refused before cannot break. */
export function breakages(before: readonly Fingerprint[], after: readonly Fingerprint[]): readonly Problem[] {
  const later = new Map(after.map((one) => [one.name, one]));
  return before.flatMap((was) => {
    const is = later.get(was.name);
    if ('error' in was || !is) return [];
    if ('error' in is) return [breakage(was.name, `would be refused: ${is.error}`, is.sqlstate)];
    return [
      ...(sameParameters(was.parameters, is.parameters)
        ? []
        : [breakage(was.name, `would take other values: ${became(was.parameters, is.parameters)}`)]),
      ...(sameColumns(was.results, is.results)
        ? []
        : [
            breakage(
              was.name,
              `would give other rows: ${became(was.results.map(words), is.results.map(words))}`,
            ),
          ]),
    ];
  });
}

/** Types whose values look the same on the way to and from the application, by the name of one of them. */
const ALIKE: Readonly<Record<string, string>> = { 'character varying': 'text' };
/** Types that also take every value of those before them. */
const WIDENING = ['smallint', 'integer', 'bigint', 'numeric'];

function sameParameters(was: readonly string[], is: readonly string[]): boolean {
  const takes = (now: string, before: string): boolean =>
    alike(now, before) || (WIDENING.includes(before) && WIDENING.indexOf(now) > WIDENING.indexOf(before));
  return was.length === is.length && was.every((type, index) => takes(is[index] ?? '', type));
}

/** The application reads columns by their names: another order or a column more does no harm. */
function sameColumns(was: readonly Column[], is: readonly Column[]): boolean {
  return was.every(({ name, type }) => is.some((now) => now.name === name && alike(now.type, type)));
}

function alike(one: string, other: string): boolean {
  return (ALIKE[one] ?? one) === (ALIKE[other] ?? other);
}

function words({ name, type }: Column): string {
  return `${name} ${type}`;
}

function became(was: readonly string[], is: readonly string[]): string {
  return `(${was.join(', ')}) became (${is.join(', ')})`;
}

/** Queries that the database refused already before; they do not block, and somebody should look at them. */
export function brokenAlready(before: readonly Fingerprint[]): readonly Problem[] {
  return before.flatMap((was) =>
    'error' in was
      ? [
          {
            code: 'query-broken-before',
            message: `The query ${was.name} of the serving release is refused already: ${was.error}.`,
            mend: 'It does not block the migration. Mend the query, or take it out of the release.',
            sqlstate: was.sqlstate,
          },
        ]
      : [],
  );
}

function breakage(name: string, what: string, sqlstate?: string): Problem {
  return {
    code: 'breaks-serving-release',
    message: `After the migration, the query ${name} of the serving release ${what}.`,
    mend: 'Expand first, deploy the release that no longer needs the old form, and contract afterwards.',
    ...(sqlstate !== undefined && { sqlstate }),
  };
}

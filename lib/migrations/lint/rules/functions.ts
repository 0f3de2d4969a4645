/** Functions of PostgreSQL and its usual extensions that answer anew for each row. Source: their `provolatile` is `v`. */
export const VOLATILE: ReadonlySet<string> = new Set([
  'gen_random_uuid',
  'gen_random_bytes',
  'uuid_generate_v1',
  'uuid_generate_v4',
  'random',
  'random_normal',
  'clock_timestamp',
  'timeofday',
  'nextval',
  'setval',
  'currval',
  'lastval',
  'gen_salt',
]);

/** Functions that PostgreSQL evaluates once a statement: a column's default of them is stored without a rewrite. */
export const STABLE: ReadonlySet<string> = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'current_setting',
  'to_char',
  'to_date',
  'to_timestamp',
  'age',
  'date_trunc',
  'current_schema',
  'txid_current',
  'pg_current_xact_id',
]);

/** Functions of PostgreSQL that depend on their arguments alone, as defaults use them. */
export const IMMUTABLE: ReadonlySet<string> = new Set([
  'lower',
  'upper',
  'trim',
  'btrim',
  'length',
  'md5',
  'sha256',
  'decode',
  'encode',
  'abs',
  'make_interval',
  'make_date',
  'timezone',
]);

/** What an index may not call; `date_trunc` and `to_timestamp` have immutable forms too. */
export const NOT_IMMUTABLE: ReadonlySet<string> = new Set(
  [...VOLATILE, ...STABLE].filter((name) => name !== 'date_trunc' && name !== 'to_timestamp'),
);

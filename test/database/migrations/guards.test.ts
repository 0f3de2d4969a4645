import type { Client } from 'pg';
import { stopPostgres } from '../../../lib/local/postgres';
import {
  breakages,
  brokenAlready,
  installRewriteGuard,
  olderSessions,
  prepareQueries,
  rewriteGuardInstalled,
  writerProblems,
} from '../../../lib/migrations/guards';
import type { NamedQuery } from '../../../lib/migrations/ports';
import { TestDatabases, type TestDatabase } from '../support/databases';
import { ACCESS } from '../support/server';

jest.setTimeout(60_000);

let databases: TestDatabases;
let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  databases = await TestDatabases.start();
});
beforeEach(async () => {
  database = await databases.fresh();
  client = await database.migrator();
});
afterEach(() => databases.close());
afterAll(() => databases.remove());

describe('the blue gate', () => {
  const QUERIES: readonly NamedQuery[] = [
    { name: 'person', sql: 'SELECT id, email FROM people WHERE id = $1' },
    { name: 'everything', sql: 'SELECT * FROM people' },
    { name: 'add', sql: 'INSERT INTO people (email, age) VALUES ($1, $2) RETURNING id' },
    { name: 'rename', sql: 'UPDATE people SET email = $1 WHERE lower(email) = $2' },
    { name: 'doubled', sql: 'SELECT twice(age) FROM people -- a remark' },
  ];

  beforeEach(async () => {
    await client.query(`
      CREATE TYPE mood AS ENUM ('well');
      CREATE TABLE people (id int PRIMARY KEY, email text NOT NULL, age int, mood mood);
      CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
      GRANT SELECT, INSERT, UPDATE ON people TO telehealth_api`);
  });

  const gate = async (sql: string, queries = QUERIES) => {
    const before = await prepareQueries(client, queries);
    await client.query('BEGIN');
    await client.query(sql);
    const after = await prepareQueries(client, queries);
    // The transaction of the migration still stands.
    expect(client.getTransactionStatus()).toBe('T');
    await client.query('COMMIT');
    return breakages(before, after).map(({ message, sqlstate }) => `${message} ${sqlstate ?? ''}`.trim());
  };

  test('tells what a query takes and gives', async () => {
    await expect(prepareQueries(client, QUERIES)).resolves.toEqual([
      {
        name: 'person',
        parameters: ['integer'],
        results: [
          { name: 'id', type: 'integer' },
          { name: 'email', type: 'text' },
        ],
      },
      {
        name: 'everything',
        parameters: [],
        results: [
          { name: 'id', type: 'integer' },
          { name: 'email', type: 'text' },
          { name: 'age', type: 'integer' },
          { name: 'mood', type: 'mood' },
        ],
      },
      { name: 'add', parameters: ['text', 'integer'], results: [{ name: 'id', type: 'integer' }] },
      { name: 'rename', parameters: ['text', 'text'], results: [] },
      { name: 'doubled', parameters: [], results: [{ name: 'twice', type: 'integer' }] },
    ]);
  });

  test.each<[string, string, readonly string[]]>([
    ['an index', 'CREATE INDEX ON people (email)', []],
    ['a wider varchar in place of text', 'ALTER TABLE people ALTER email TYPE varchar(200)', []],
    [
      'a dropped column',
      'ALTER TABLE people DROP age',
      [
        'After the migration, the query everything of the serving release would give other rows: (id integer, email text, age integer, mood mood) became (id integer, email text, mood mood).',
        'After the migration, the query add of the serving release would be refused: column "age" of relation "people" does not exist. 42703',
        'After the migration, the query doubled of the serving release would be refused: column "age" does not exist. 42703',
      ],
    ],
    [
      'a renamed column',
      'ALTER TABLE people RENAME email TO address',
      [
        expect.stringMatching(/ the query person .* "email" does not exist\. 42703$/) as string,
        expect.stringMatching(/ the query everything .*email text.* became \(.*address text/) as string,
        expect.stringMatching(/ the query add .* 42703$/) as string,
        expect.stringMatching(/ the query rename .* 42703$/) as string,
      ],
    ],
    [
      'a renamed table',
      'ALTER TABLE people RENAME TO persons',
      QUERIES.map(({ name }) => expect.stringMatching(new RegExp(` the query ${name} .* 42P01$`)) as string),
    ],
    [
      'a type of a column',
      'ALTER TABLE people ALTER id TYPE bigint',
      [
        'After the migration, the query person of the serving release would give other rows: (id integer, email text) became (id bigint, email text).',
        expect.stringMatching(/ the query everything /) as string,
        'After the migration, the query add of the serving release would give other rows: (id integer) became (id bigint).',
      ],
    ],
    [
      'a type of a parameter',
      "ALTER TABLE people ALTER age TYPE boolean USING age > 0; DROP FUNCTION twice; CREATE FUNCTION twice(n boolean) RETURNS int LANGUAGE sql AS 'SELECT 2'",
      [
        expect.stringMatching(/ the query everything /) as string,
        'After the migration, the query add of the serving release would take other values: (text, integer) became (text, boolean).',
      ],
    ],
    [
      'a dropped function',
      'DROP FUNCTION twice',
      [expect.stringMatching(/ the query doubled .* 42883$/) as string],
    ],
    ['a column more, for those who ask for all columns', 'ALTER TABLE people ADD born date', []],
  ])('judges %s', async (_what, sql, found) => {
    await expect(gate(sql)).resolves.toEqual(found);
  });

  test('what was refused before does not block, and is told apart', async () => {
    const queries = [...QUERIES, { name: 'stale', sql: 'SELECT gone FROM people' }, QUERIES[0]!];
    await expect(gate('ALTER TABLE people ALTER age SET DEFAULT 1', queries)).resolves.toEqual([]);
    expect(brokenAlready(await prepareQueries(client, queries))).toEqual([
      expect.objectContaining({
        code: 'query-broken-before',
        message: 'The query stale of the serving release is refused already: column "gone" does not exist.',
        sqlstate: '42703',
      }),
    ]);
  });

  test('five hundred queries, a fifth of them refused, are judged one by one, and nothing stays prepared', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      name: `query ${index}`,
      sql:
        index % 5 === 0
          ? `SELECT missing_${index} FROM people`
          : `SELECT id + ${index} AS it FROM people WHERE age = $1`,
    }));
    await client.query('BEGIN');
    const found = await prepareQueries(client, many);
    expect(found.map(({ name }) => name)).toEqual(many.map(({ name }) => name));
    expect(found.filter((one) => 'error' in one)).toHaveLength(100);
    expect(found[499]).toEqual({
      name: 'query 499',
      parameters: ['integer'],
      results: [{ name: 'it', type: 'integer' }],
    });
    await client.query('COMMIT');
    expect((await client.query('SELECT FROM pg_prepared_statements')).rowCount).toBe(0);
  });

  test('a query is never run, nor what is smuggled in behind it', async () => {
    const found = await prepareQueries(client, [
      { name: 'two', sql: 'SELECT 1; DROP TABLE people' },
      { name: 'one', sql: 'DELETE FROM people RETURNING id' },
      { name: 'none', sql: '' },
    ]);
    expect(found).toEqual([
      { name: 'two', sqlstate: '42601', error: 'cannot insert multiple commands into a prepared statement' },
      { name: 'one', parameters: [], results: [{ name: 'id', type: 'integer' }] },
      { name: 'none', parameters: [], results: [] },
    ]);
    await expect(client.query('SELECT FROM people')).resolves.toBeDefined();
  });

  test('a lock that is held is an error and not a broken query', async () => {
    const other = await database.migrator();
    await other.query('BEGIN; LOCK people');
    await client.query("SET lock_timeout = '20ms'");
    await expect(prepareQueries(client, QUERIES)).rejects.toMatchObject({ code: '55P03' });
    expect(client.getTransactionStatus()).toBe('I');
    await other.query('ROLLBACK');
    await expect(prepareQueries(client, QUERIES)).resolves.toHaveLength(QUERIES.length);
  });

  test('a connection that ends is an error and not a broken query', async () => {
    await (
      await database.superuser()
    ).query('SELECT pg_terminate_backend($1)', [
      (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid,
    ]);
    await expect(prepareQueries(client, QUERIES)).rejects.toThrow();
  });

  describe('on behalf of the role of the application', () => {
    const asRole = (queries = QUERIES) => prepareQueries(client, queries, ACCESS.apiUser);

    test('sees a privilege that is taken away, where it may become that role', async () => {
      const before = await asRole();
      await client.query('BEGIN; REVOKE UPDATE ON people FROM telehealth_api');
      const after = await asRole();
      expect(breakages(before, after).map(({ message, sqlstate }) => [message, sqlstate])).toEqual([
        [
          'After the migration, the query rename of the serving release would be refused: permission denied for table people.',
          '42501',
        ],
      ]);
      expect((await client.query('SELECT current_user AS who')).rows).toEqual([{ who: ACCESS.migratorUser }]);
      await client.query('ROLLBACK; REVOKE EXECUTE ON FUNCTION twice(int) FROM PUBLIC');
      expect(breakages(before, await asRole())).toEqual([
        expect.objectContaining({
          message: expect.stringContaining('denied for function twice') as string,
        }),
      ]);
    });

    test('judges the queries alone where it may not', async () => {
      const alone = await prepareQueries(client, QUERIES);
      await expect(prepareQueries(client, QUERIES, ACCESS.masterUser)).resolves.toEqual(alone);
    });
  });
});

describe('the interlock', () => {
  const own = { prefix: 'telehealth-api/', release: '2' };

  test('counts the sessions of other releases, whoever asks', async () => {
    for (const release of ['1', '1', '2', '0.9']) await database.api(`telehealth-api/${release}`);
    await database.api('psql');
    await (await databases.fresh()).api('telehealth-api/elsewhere');
    await expect(olderSessions(client, own)).resolves.toEqual([
      { application: 'telehealth-api/0.9', count: 1 },
      { application: 'telehealth-api/1', count: 2 },
    ]);
  });

  test('knows its own release by as much of the name as PostgreSQL keeps', async () => {
    const release = 'a'.repeat(100);
    await database.api(`telehealth-api/${release}`);
    await expect(olderSessions(client, { ...own, release })).resolves.toEqual([]);
    await expect(olderSessions(client, own)).resolves.toHaveLength(1);
  });
});

describe('the rewrite guard', () => {
  const install = async () => installRewriteGuard(await database.superuser());

  beforeEach(async () => {
    await client.query('CREATE TABLE many AS SELECT n AS id, n AS other FROM generate_series(1, 1000) n');
    await client.query('CREATE TABLE few AS SELECT n AS id FROM generate_series(1, 10) n; ANALYZE many, few');
  });

  test('is not there until somebody who may installs it', async () => {
    const superuser = await database.superuser();
    await superuser.query('DROP EVENT TRIGGER migrate_refuse_rewrite; DROP SCHEMA migrate_guard CASCADE');
    await expect(rewriteGuardInstalled(client)).resolves.toBe(false);
    await expect(installRewriteGuard(client)).resolves.toBe(false);
    await client.query('BEGIN');
    await expect(installRewriteGuard(client)).resolves.toBe(false);
    expect(client.getTransactionStatus()).toBe('T');
    await client.query('ROLLBACK');
    await expect(rewriteGuardInstalled(client)).resolves.toBe(false);
    await expect(install()).resolves.toBe(true);
    await expect(install()).resolves.toBe(true);
    await expect(rewriteGuardInstalled(client)).resolves.toBe(true);
    await expect(installRewriteGuard(client)).resolves.toBe(true);
  });

  test.each([
    ['a type', 'ALTER TABLE many ALTER id TYPE bigint'],
    ['a volatile default', 'ALTER TABLE many ADD key uuid DEFAULT gen_random_uuid()'],
    ['one hidden in a DO block', "DO $$BEGIN EXECUTE 'ALTER TABLE many ' || 'ALTER id TYPE bigint'; END$$"],
    ['one without statistics', 'CREATE TABLE fresh AS TABLE many; ALTER TABLE fresh ALTER id TYPE bigint'],
  ])('refuses to rewrite a large table for %s', async (_what, sql) => {
    await install();
    await client.query('BEGIN');
    await client.query('SET LOCAL migrate.rewrite_limit = 100');
    await expect(client.query(sql)).rejects.toMatchObject({ code: '55000' });
    await client.query('ROLLBACK');
  });

  test('names the table and the numbers, and nothing of the rows', async () => {
    await install();
    await client.query('BEGIN');
    await client.query('SET LOCAL migrate.rewrite_limit = 100');
    await expect(client.query('ALTER TABLE many ALTER id TYPE bigint')).rejects.toThrow(
      /^The statement would write about 1000 rows of public\.many anew and lock it meanwhile; the limit is 100\.$/,
    );
  });

  test('lets small tables pass, and changes without a rewrite, and sessions that are not armed', async () => {
    await install();
    await client.query('BEGIN');
    await client.query('SET LOCAL migrate.rewrite_limit = 100');
    await client.query('ALTER TABLE few ALTER id TYPE bigint; ALTER TABLE many ADD plain int DEFAULT 7');
    await client.query('COMMIT; ALTER TABLE many ALTER id TYPE bigint');
  });

  test('cannot be dropped by the role that migrates', async () => {
    await install();
    await expect(client.query('DROP EVENT TRIGGER migrate_refuse_rewrite')).rejects.toMatchObject({
      code: '42501',
    });
    await expect(client.query('DROP SCHEMA migrate_guard CASCADE')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('what is not to be migrated', () => {
  test('a writer of its own is', async () => {
    await expect(writerProblems(client)).resolves.toEqual([]);
  });

  test('a database that logical replication reads from is not, as during an RDS Blue/Green deployment', async () => {
    const superuser = await database.superuser();
    await superuser.query("ALTER SYSTEM SET wal_level = 'logical'");
    await stopPostgres({ dir: databases.server.dir });
    await databases.server.start();
    client = await database.migrator();
    const elsewhere = await (await databases.fresh()).superuser();
    const here = await database.superuser();
    await elsewhere.query("SELECT pg_create_logical_replication_slot('elsewhere', 'pgoutput')");
    await expect(writerProblems(client)).resolves.toEqual([]);
    await here.query("SELECT pg_create_logical_replication_slot('rds_blue_green', 'pgoutput')");
    await expect(writerProblems(client)).resolves.toEqual([
      expect.objectContaining({
        code: 'replicated',
        message: expect.stringContaining('rds_blue_green') as string,
      }),
    ]);
    for (const name of ['elsewhere', 'rds_blue_green'])
      await here.query('SELECT pg_drop_replication_slot($1)', [name]);
  });
});

import * as fc from 'fast-check';
import { effectsOf, type Known } from '../../../lib/migrations/files/effects';
import { split } from '../../../lib/migrations/files/split';

async function effects(sql: string) {
  const known: Known = { indexes: new Map(), notNull: new Set() };
  const made = new Set<string>();
  return (await split(sql)).statements.map(({ node }) => effectsOf(node, made, known));
}

const last = async (sql: string) => (await effects(sql)).at(-1)!;

test.each([
  ['ALTER TABLE t DROP COLUMN a', true],
  ['DROP TABLE t', true],
  ['TRUNCATE t', true],
  ['DELETE FROM t', true],
  ['WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM gone', true],
  ['MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE', true],
  ['DROP SCHEMA s CASCADE', true],
  ['DROP TYPE mood CASCADE', true],
  ['DROP OWNED BY somebody', true],
  ['MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = 1', false],
  ['UPDATE t SET a = NULL', false],
  ['DROP INDEX i', false],
  ['DROP VIEW v', false],
  ['DROP TYPE mood', false],
  ['CREATE TABLE t (id int); DROP TABLE public.t', false],
  ['CREATE TEMP TABLE t AS SELECT 1 AS a; DELETE FROM t', false],
  ['SELECT 1 AS a INTO t; ALTER TABLE t DROP COLUMN a', false],
  ['CREATE TABLE t (id int); ALTER TABLE t RENAME TO u; TRUNCATE u', false],
])('%s: loses data is %s', async (sql, lost) => {
  expect((await last(sql)).destructive).toBe(lost);
});

test.each([
  ['CREATE INDEX CONCURRENTLY i ON care.t (a)', { verb: 'create', index: 'care.i' }],
  ['DROP INDEX CONCURRENTLY care.i', { verb: 'drop', index: 'care.i' }],
  ['REINDEX INDEX CONCURRENTLY i', { verb: 'reindex', index: 'i' }],
  ['REINDEX (CONCURRENTLY, VERBOSE) INDEX i', { verb: 'reindex', index: 'i' }],
  ['CREATE INDEX i ON t (a)', undefined],
  ['DROP INDEX i', undefined],
])('%s is concurrent: %j', async (sql, concurrently) => {
  expect((await last(sql)).concurrently).toEqual(concurrently);
});

test.each([
  ['ALTER TABLE t ALTER a SET NOT NULL', true],
  ['ALTER TABLE t ADD CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE public.t ALTER a SET NOT NULL', false],
  ['ALTER TABLE t ADD CHECK (b > 0 AND a IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL', false],
  ['ALTER TABLE t ADD CHECK (b > 0 OR a IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL', true],
  ['ALTER TABLE t ADD CHECK (b IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL', true],
  ['ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)', true],
  ['ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID', false],
  ['ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)', true],
  ['ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i', false],
  ['ALTER TABLE t VALIDATE CONSTRAINT c', true],
  ['ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 1', false],
  ['ALTER TABLE t ADD COLUMN x int REFERENCES t', false],
  ['ALTER TABLE t ADD COLUMN x int UNIQUE', true],
  ['CREATE INDEX CONCURRENTLY i ON t (a)', true],
  ['UPDATE t SET a = 1', true],
  ['UPDATE t SET a = 1 WHERE id > $1 AND id <= $2', false],
])('%s: reads the table whole is %s', async (sql, scans) => {
  expect((await last(sql)).locks).toMatchObject([{ scans }]);
});

test('tables that the script made are not locked for anybody, indexes are known by their table', async () => {
  const all = await effects(
    'CREATE TABLE a (id int); CREATE INDEX i ON a (id); CREATE INDEX j ON b (id); DROP INDEX j;',
  );
  expect(all.map(({ locks }) => locks.map(({ table, mode }) => `${table} ${mode}`))).toEqual([
    [],
    [],
    ['b SHARE'],
    ['b ACCESS EXCLUSIVE'],
  ]);
});

test('names of a WITH are no tables, and what is only read has the weakest lock', async () => {
  const { locks } = await last('WITH x AS (SELECT * FROM r) UPDATE t SET a = x.a FROM x WHERE x.id = t.id');
  expect(locks.map(({ table, mode }) => `${table} ${mode}`)).toEqual(['t ROW EXCLUSIVE', 'r ACCESS SHARE']);
});

test('however statements are spaced, commented and lettered, each is cut out whole with its own line', async () => {
  const blank = fc.constantFrom(' ', '\n', '\t', '-- é; not one\n', '/* a /* nested; */ 😀 */', "-- it's\n");
  const body = fc.constantFrom(
    "SELECT 'é;😀'",
    'SELECT $a$ ; $a$',
    'SELECT 1\n  AS one',
    'SELECT "ü"',
    "SELECT E'\\';'",
  );
  const statement = fc.tuple(fc.array(blank, { maxLength: 4 }), body);
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 6 }), async (statements) => {
      let text = '';
      const expected: { readonly sql: string; readonly line: number }[] = [];
      for (const [blanks, sql] of statements) {
        text += blanks.join('');
        expected.push({ sql, line: text.split('\n').length });
        text += `${sql};`;
      }
      expect((await split(text)).statements.map(({ sql, line }) => ({ sql, line }))).toEqual(expected);
    }),
  );
});

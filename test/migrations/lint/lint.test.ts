import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { lintFiles, lintMigrations, toSarif, toText } from '../../../lib/migrations/lint';

const HEADER = '-- migrate: phase=expand reversible=lossless';
const INDEX = 'CREATE INDEX visits_status ON visits (status);';

/** Ids of the findings of one up file. */
async function rulesOf(sql: string, rows?: number): Promise<string[]> {
  const statistics = rows === undefined ? {} : { 'public.visits': { rows, bytes: 0 } };
  const { findings } = await lintFiles(
    [{ name: '0002_change.up.sql', text: `${HEADER}\n${sql}` }],
    statistics,
  );
  return findings.map(({ rule, severity }) => `${severity} ${rule}`);
}

test('the shipped migrations have no error and no warning that nobody answers for', async () => {
  const report = await lintMigrations(path.join(__dirname, '../../../migrations'));
  expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(report).toMatchObject({ outcome: 'done', counts: { error: 0, warning: 0 } });
  expect(report.files).toBeGreaterThan(20);
});

describe('size of the table', () => {
  test.each([
    [undefined, 'error index-not-concurrent'],
    [10_000, 'error index-not-concurrent'],
    [9_999, 'warning index-not-concurrent'],
  ])('%p rows: %s', async (rows, expected) => {
    expect(await rulesOf(INDEX, rows)).toEqual([expected]);
  });

  test('a table that the same file makes is nobody’s yet', async () => {
    const rules = await rulesOf(
      `CREATE TABLE app.visits (status text);\nCREATE INDEX i ON app.visits (status);`,
    );
    expect(rules).toEqual([]);
  });
});

describe('type changes', () => {
  test.each([
    ['varchar(50)', 'varchar(100)', false],
    ['varchar(50)', 'varchar(45)', true],
    ['varchar(50)', 'varchar', false],
    ['varchar(50)', 'text', false],
    ['text', 'varchar', false],
    ['text', 'varchar(10)', true],
    ['varchar', 'varchar(10)', true],
    ['numeric(8,2)', 'numeric(10,2)', false],
    ['numeric(8,2)', 'numeric', false],
    ['numeric(8,2)', 'numeric(10,3)', true],
    ['timestamptz(3)', 'timestamptz', false],
    ['timestamptz', 'timestamptz(3)', true],
    ['timestamp', 'timestamptz', true],
    ['integer', 'bigint', true],
    ['cidr', 'inet', false],
    ['text', 'text[]', true],
  ])('%s to %s: rewrites %p', async (from, to, rewrites) => {
    const { findings } = await lintFiles([
      { name: '0001_make.up.sql', text: `${HEADER}\nCREATE TABLE visits (code ${from});` },
      { name: '0002_change.up.sql', text: `${HEADER}\nALTER TABLE visits ALTER COLUMN code TYPE ${to};` },
    ]);
    expect(findings.some(({ rule }) => rule === 'type-change-rewrites')).toBe(rewrites);
  });

  test('what no earlier file tells, and what is computed, counts as a rewrite', async () => {
    const computed = 'ALTER TABLE visits ALTER COLUMN code TYPE text USING upper(code);';
    expect(await rulesOf('ALTER TABLE visits ALTER COLUMN code TYPE text;')).toContain(
      'error type-change-rewrites',
    );
    expect(await rulesOf(computed)).toContain('error type-change-rewrites');
  });
});

describe('defaults', () => {
  test.each([
    ["'main'", false],
    ['now()', false],
    ['CURRENT_TIMESTAMP', false],
    ["current_setting('app.role', true)", false],
    ['clock_timestamp()', true],
    ['gen_random_uuid()', true],
    ['app.next_code()', true],
    ["lower(app.next_code()) || '-'", true],
  ])('%s: volatile %p', async (value, volatile) => {
    const sql = `ALTER TABLE visits ADD COLUMN code text DEFAULT ${value};\nCOMMENT ON COLUMN visits.code IS 'PHI: x';`;
    expect(await rulesOf(sql)).toEqual(volatile ? ['error volatile-default'] : []);
  });
});

describe('suppressions', () => {
  const ignore =
    '-- lint-ignore: index-not-concurrent owner=platform-engineering reason="Empty in every environment."';

  test('answer for the statement below, with owner and reason in the report', async () => {
    const report = await lintFiles([{ name: '0002_a.up.sql', text: `${HEADER}\n\n${ignore}\n${INDEX}` }]);
    expect(report).toMatchObject({ outcome: 'done', findings: [] });
    expect(report.suppressed).toMatchObject([
      {
        rule: 'index-not-concurrent',
        line: 4,
        owner: 'platform-engineering',
        reason: 'Empty in every environment.',
      },
    ]);
  });

  test('do not answer for another statement, nor for another rule', async () => {
    const rules = await rulesOf(`${ignore}\nCREATE EXTENSION pgcrypto;\n${INDEX}`);
    expect(rules).toEqual(['error suppression-unused', 'error index-not-concurrent']);
    expect(await rulesOf(`${ignore.replace('index-not', 'reindex-not')}\n${INDEX}`)).toEqual([
      'error suppression-unused',
      'error index-not-concurrent',
    ]);
  });

  test('below the last statement are unused, and in the body of a function are none', async () => {
    expect(await rulesOf(`CREATE EXTENSION pgcrypto;\n${ignore}`)).toEqual(['error suppression-unused']);
    const body = `CREATE FUNCTION app.f() RETURNS void LANGUAGE sql AS $$\n${ignore}\nSELECT $$;`;
    expect(await rulesOf(body)).toEqual([]);
  });

  test('never answer for what the engine refuses', async () => {
    const text = `${HEADER}\n-- lint-ignore: needs-no-transaction owner=x reason="y"\nVACUUM visits;`;
    const { findings } = await lintFiles([{ name: '0002_a.up.sql', text }]);
    expect(findings.map(({ rule }) => rule)).toContain('needs-no-transaction');
  });
});

describe('what hides', () => {
  test.each([
    [
      'WITH gone AS (DELETE FROM notifications RETURNING id) SELECT count(*) FROM gone;',
      'delete-without-where',
    ],
    [
      "WITH c AS (UPDATE visits SET modality = 'video' RETURNING id) INSERT INTO seen SELECT id FROM c;",
      'update-without-where',
    ],
    ["SELECT set_config('lock_timeout', '5s', true);", 'session-setting'],
    ["SELECT set_config('app.role', 'ADMIN', false);", 'session-setting'],
    ['SELECT app.move_everything();', 'do-block'],
    ['CALL app.move_everything();', 'do-block'],
    ['CREATE SCHEMA lab CREATE TABLE results (id bigint);', 'do-block'],
    ['SELECT id INTO copies FROM visits;', 'row-security-missing'],
    ['CREATE TABLE copies AS SELECT id FROM visits;', 'row-security-missing'],
    ['ALTER FUNCTION app.admit() SECURITY DEFINER;', 'definer-search-path'],
    ['CREATE VIEW v WITH (security_invoker = false) AS SELECT id FROM visits;', 'view-owner-rights'],
    ['CREATE VIEW v WITH (security_invoker) AS SELECT 1 UNION ALL SELECT * FROM visits;', 'select-star-view'],
    ['GRANT SELECT ON ALL TABLES IN SCHEMA public TO telehealth_api;', 'grant-too-much'],
    ['CREATE POLICY p ON visits USING (organisation_id = app.current_organisation());', 'policy-open'],
  ])('%s: %s', async (sql, rule) => {
    const found = (await rulesOf(sql)).map((each) => each.split(' ')[1]);
    expect(found).toContain(rule);
  });

  test("SELECT set_config('app.role', ..., true) is the transaction's own", async () => {
    expect(await rulesOf("SELECT set_config('app.role', 'ADMIN', true);")).toEqual([]);
  });
});

test('places count lines and characters, past comments and letters of more than one byte', async () => {
  const text = `${HEADER}\n-- Änderung für Ärzte\n/* é /* é */ */\n  ${INDEX} /* ü */ REINDEX TABLE visits;`;
  const { findings } = await lintFiles([{ name: '0002_a.up.sql', text }]);
  const places = findings.map(({ rule, line, column }) => `${line}:${column} ${rule}`);
  expect(places).toEqual(['4:3 index-not-concurrent', '4:58 reindex-not-concurrent']);
});

describe('a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'lint-'));
    await fs.mkdir(path.join(folder, 'db/migrations/repeatable'), { recursive: true });
    await fs.writeFile(path.join(folder, 'db/migrations/0001_a.up.sql'), `${HEADER}\n\n${INDEX}\n`);
    await fs.writeFile(
      path.join(folder, 'db/migrations/repeatable/v b.sql'),
      'CREATE OR REPLACE VIEW v AS SELECT 1;\n',
    );
  });
  afterAll(() => fs.rm(folder, { recursive: true }));

  test('is read with its repeatable files, paths from the root', async () => {
    const { findings, files } = await lintMigrations(path.join(folder, 'db/migrations'), { root: folder });
    expect(files).toBe(2);
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'db/migrations/0001_a.up.sql index-not-concurrent',
      'db/migrations/repeatable/v b.sql view-owner-rights',
    ]);
  });

  test('is told as text: place, statement, why, mend and page', async () => {
    const text = toText(await lintMigrations(path.join(folder, 'db/migrations')));
    expect(text).toContain(`migrations/0001_a.up.sql:3:1 error index-not-concurrent
  | CREATE INDEX visits_status ON visits (status)
  Index visits_status on public.visits is built without CONCURRENTLY.
  Why: `);
    expect(text).toContain('  See docs/migrations/rules/index-not-concurrent.md');
    expect(text).toMatch(/2 files: 2 errors, 0 warnings, 0 info, 0 suppressed\.$/);
  });

  test('is told as SARIF 2.1.0: known rules, relative addresses, places from 1', async () => {
    const report = await lintMigrations(path.join(folder, 'db/migrations'), { root: folder });
    const sarif = JSON.parse(toSarif(report)) as Sarif;
    expect(sarif.version).toBe('2.1.0');
    const [run] = sarif.runs;
    expect(run?.results).toHaveLength(2);
    for (const { ruleId, ruleIndex, level, locations } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(level).toBe('error');
      const { artifactLocation, region } = locations[0]!.physicalLocation;
      expect(artifactLocation.uri).toMatch(/^db\/migrations\/[\w/.%]+\.sql$/);
      expect(region.startLine).toBeGreaterThan(0);
      expect(region.startColumn).toBeGreaterThan(0);
    }
  });

  test('that is not there is an error of the file system', async () => {
    await expect(lintMigrations(path.join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number; readonly startColumn: number };
        };
      }[];
    }[];
  }[];
}

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createHash } from 'node:crypto';
import { MigrationFilesError, readMigrations } from '../../../lib/migrations/files';
import { parseManifest, writeManifest } from '../../../lib/migrations/manifest';
import type { MigrationSet } from '../../../lib/migrations/model';

const HEAD = '-- migrate: phase=expand reversible=lossless\n';
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

/** Reads one pair; the down file is a sound one unless given. */
function read(up: string, down = 'SELECT 1;\n'): Promise<MigrationSet> {
  write({ '0001_first.up.sql': up, '0001_first.down.sql': down });
  return readMigrations(folder);
}

/** Each problem as `code file:line`. */
async function problems(reading: Promise<unknown>): Promise<readonly string[]> {
  try {
    await reading;
  } catch (error) {
    if (!(error instanceof MigrationFilesError)) throw error;
    return error.problems.map(({ code, file, line }) =>
      [code, [file, line].filter(Boolean).join(':')].join(' '),
    );
  }
  return [];
}

describe('a folder', () => {
  it('is read into pairs in order, with directives, statements, lines and hashes', async () => {
    const up = [
      '-- migrate: phase=contract reversible=lossy lock_timeout=50ms',
      '-- migrate: statement_timeout=2min',
      '-- check before: SELECT NOT EXISTS (SELECT FROM patients WHERE email IS NULL);',
      '-- check after: SELECT true',
      '-- approve: by=security-officer ticket=DB-12 reason="the column is empty"',
      '',
      '/* ünïcode /* nested */ */ -- before',
      "COMMENT ON TABLE patients IS 'é; not the end';",
      '-- about the next one',
      'ALTER TABLE patients DROP COLUMN email',
      '',
    ].join('\n');
    write({
      '0002_drop_email.up.sql': up,
      '0002_drop_email.down.sql': 'ALTER TABLE patients ADD COLUMN email text;\n',
      '0001_baseline.up.sql': `${HEAD}CREATE TABLE patients (id uuid PRIMARY KEY, email text);`,
      '0001_baseline.down.sql': '-- approve nothing\nDROP TABLE patients;',
      'repeatable/views.sql': 'CREATE OR REPLACE VIEW v AS SELECT 1 AS one;',
      'README.md': 'not SQL',
    });
    const set = await readMigrations(folder);
    expect(set.migrations.map(({ id, name }) => [id, name])).toEqual([
      [1, 'baseline'],
      [2, 'drop_email'],
    ]);
    const second = set.migrations[1]!;
    expect(second).toMatchObject({
      phase: 'contract',
      reversible: 'lossy',
      approval: { by: 'security-officer', ticket: 'DB-12', reason: 'the column is empty' },
      checks: {
        before: [{ sql: 'SELECT NOT EXISTS (SELECT FROM patients WHERE email IS NULL)', line: 3 }],
        after: [{ sql: 'SELECT true', line: 4 }],
      },
    });
    expect(second.up).toMatchObject({
      file: '0002_drop_email.up.sql',
      sha256: createHash('sha256').update(up).digest('hex'),
      transaction: true,
      lockTimeoutMs: 50,
      statementTimeoutMs: 120_000,
    });
    expect(
      second.up.statements.map(({ sql, line, kind, destructive }) => [sql, line, kind, destructive]),
    ).toEqual([
      ["COMMENT ON TABLE patients IS 'é; not the end'", 8, 'CommentStmt', false],
      ['ALTER TABLE patients DROP COLUMN email', 10, 'AlterTableStmt', true],
    ]);
    expect(set.repeatables.map(({ name, script }) => [name, script.file])).toEqual([
      ['views', 'repeatable/views.sql'],
    ]);
    expect(parseManifest(writeManifest(set))).toEqual(set);
  });

  it('that has no migrations is an empty set, and one that is not there is a problem', async () => {
    expect(await readMigrations(folder)).toEqual({ migrations: [], repeatables: [] });
    expect(await problems(readMigrations(path.join(folder, 'none')))).toEqual(['missing-folder ']);
  });

  it('has every problem of every file told at once', async () => {
    write({
      '0001_a.up.sql': 'SELECT 1;',
      '0001_a.down.sql': 'SELECT 1;\nSELEC 2;',
      '0002_b.up.sql': `${HEAD}BEGIN;\nSELECT 1;\nCOMMIT;`,
      '0002_b.down.sql': '',
      '0002_c.up.sql': `${HEAD}SELECT 1;`,
      '0004_d.down.sql': '-- nothing to undo\n',
      '5_e.up.sql': HEAD,
    });
    expect(await problems(readMigrations(folder))).toEqual([
      'syntax-error 0001_a.down.sql:2',
      'missing-phase 0001_a.up.sql:1',
      'missing-reversible 0001_a.up.sql:1',
      'empty-file 0002_b.down.sql:1',
      'transaction-statement 0002_b.up.sql:2',
      'transaction-statement 0002_b.up.sql:4',
      'missing-pair 0002_c.up.sql',
      'duplicate-number 0002_c.up.sql',
      'missing-pair 0004_d.down.sql',
      'gap 0004_d.down.sql',
      'bad-name 5_e.up.sql',
    ]);
  });
});

describe('a file is refused for', () => {
  it.each([
    ['a syntax error after two-byte letters', `${HEAD}SELECT 'éé😀é';\n\nSELEC 2;`, ['syntax-error :4']],
    ['a text that does not end', `${HEAD}SELECT 'abc`, ['syntax-error :2']],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x2d, 0x2d, 0xff]),
      ['not-utf8 :1', 'missing-phase :1', 'missing-reversible :1', 'empty-file :1'],
    ],
    ['a byte order mark', `\uFEFF${HEAD}SELECT 1;`, ['not-utf8 :1']],
    ['no statement', HEAD, ['empty-file :1']],
    ['an unknown key', `${HEAD}-- migrate: lock=1s\nSELECT 1;`, ['unknown-directive :2']],
    ['an unknown directive', `${HEAD}-- migrte: phase=expand\nSELECT 1;`, ['unknown-directive :2']],
    ['an unknown check', `${HEAD}-- check during: SELECT true\nSELECT 1;`, ['unknown-directive :2']],
    [
      'a word without a value',
      `-- migrate: phase=expand reversible=lossless now\nSELECT 1;`,
      ['bad-directive :1'],
    ],
    ['an unknown value', `-- migrate: phase=grow reversible=lossless\nSELECT 1;`, ['bad-value :1']],
    ['a lock timeout without a unit', `${HEAD}-- migrate: lock_timeout=100\nSELECT 1;`, ['bad-value :2']],
    ['a lock timeout of nothing', `${HEAD}-- migrate: lock_timeout=0ms\nSELECT 1;`, ['bad-value :2']],
    [
      'a statement timeout below the lock timeout',
      `${HEAD}-- migrate: statement_timeout=50ms\nSELECT 1;`,
      ['bad-value :2'],
    ],
    ['a value given twice', `${HEAD}-- migrate: phase=contract\nSELECT 1;`, ['repeated-directive :2']],
    [
      'a directive after the first statement',
      `${HEAD}SELECT 1;\n-- migrate: transaction=false\nSELECT 2;`,
      ['misplaced-directive :3'],
    ],
    [
      'CONCURRENTLY in a transaction',
      `${HEAD}SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);`,
      ['needs-no-transaction :3'],
    ],
    ['VACUUM in a transaction', `${HEAD}VACUUM t;`, ['needs-no-transaction :2']],
    [
      'DETACH CONCURRENTLY in a transaction',
      `${HEAD}ALTER TABLE t DETACH PARTITION p CONCURRENTLY;`,
      ['needs-no-transaction :2'],
    ],
    [
      'a concurrent index without a name',
      `-- migrate: transaction=false\n${HEAD}CREATE INDEX CONCURRENTLY ON t (a);`,
      ['unnamed-index :3'],
    ],
    [
      'a concurrent rebuild of a whole table',
      `-- migrate: transaction=false\n${HEAD}REINDEX TABLE CONCURRENTLY t;`,
      ['unnamed-index :3'],
    ],
    ['COPY from the client', `${HEAD}COPY t FROM STDIN;`, ['copy-from-client :2']],
    ['lost data nobody agreed to', `${HEAD}SELECT 1;\nTRUNCATE t;`, ['missing-approval :3']],
    [
      'an approval without a reason',
      `${HEAD}-- approve: by=me ticket=DB-1\nSELECT 1;`,
      ['incomplete-approval :2'],
    ],
    ['a check that is no SELECT', `${HEAD}-- check after: DELETE FROM t\nSELECT 1;`, ['bad-check :2']],
    ['a check that is no SQL', `${HEAD}-- check after: is it?\nSELECT 1;`, ['bad-check :2']],
    [
      'a backfill of two statements',
      `${HEAD}-- migrate: kind=backfill table=t key=id\nUPDATE t SET a = 1 WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;\nSELECT 1;`,
      ['bad-backfill :4'],
    ],
    [
      'a backfill without its parameters',
      `${HEAD}-- migrate: kind=backfill table=t key=id\nUPDATE t SET a = 1;`,
      ['bad-backfill :3'],
    ],
    [
      'a backfill that skips the rows of its first batch',
      `${HEAD}-- migrate: kind=backfill table=t key=id\nUPDATE t SET a = 1 WHERE id > $1 AND id <= $2;`,
      ['bad-backfill :3'],
    ],
    [
      'a backfill that changes nothing',
      `${HEAD}-- migrate: kind=backfill table=t key=id\nSELECT FROM t WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;`,
      ['bad-backfill :3'],
    ],
    [
      'a backfill of no table',
      `${HEAD}-- migrate: kind=backfill\nUPDATE t SET a = 1 WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;`,
      ['bad-directive :2', 'bad-directive :2'],
    ],
    [
      'a backfill in one transaction',
      `${HEAD}-- migrate: kind=backfill table=t key=id transaction=true\nUPDATE t SET a = 1 WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;`,
      ['bad-backfill :1'],
    ],
    ['a batch without a backfill', `${HEAD}-- migrate: batch=10\nSELECT 1;`, ['bad-directive :2']],
    [
      'a batch of nothing',
      `${HEAD}-- migrate: kind=backfill table=t key=id batch=0\nUPDATE t SET a = 1 WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;`,
      ['bad-value :2'],
    ],
  ])('%s', async (_what, up, expected) => {
    write({ '0001_first.up.sql': up, '0001_first.down.sql': 'SELECT 1;' });
    const found = await problems(readMigrations(folder));
    expect(found.map((problem) => problem.replace('0001_first.up.sql', ''))).toEqual(expected);
  });

  it('what belongs into the other file', async () => {
    const down = '-- migrate: phase=expand\n-- check after: SELECT true\nSELECT 1;';
    expect(await problems(read(`${HEAD}SELECT 1;`, down))).toEqual([
      'unknown-directive 0001_first.down.sql:1',
      'misplaced-directive 0001_first.down.sql:2',
    ]);
  });

  it('undoing what it says cannot be undone', async () => {
    const up = '-- migrate: phase=expand reversible=no\nSELECT 1;';
    expect(await problems(read(up, 'SELECT 1;'))).toEqual(['down-of-irreversible 0001_first.down.sql:1']);
    expect(await problems(read(up, '-- The mails are sent.'))).toEqual([]);
  });
});

describe('a backfill', () => {
  it('has its table, key, batch and pause, and is no transaction', async () => {
    const head = `${HEAD}-- migrate: kind=backfill table=care.patients key=id batch=200 pause=1s\n`;
    const set = await read(
      `${head}UPDATE care.patients SET a = 1 WHERE ($1::uuid IS NULL OR id > $1) AND id <= $2;`,
    );
    expect(set.migrations[0]).toMatchObject({
      backfill: { table: 'care.patients', key: 'id', batch: 200, pauseMs: 1000 },
      up: { transaction: false, statements: [{ locks: [{ mode: 'ROW EXCLUSIVE', scans: false }] }] },
    });
  });
});

describe('a manifest', () => {
  it('is refused with the field that is wrong', async () => {
    const text = writeManifest(await read(`${HEAD}SELECT 1;`));
    expect(() => parseManifest(text.replace('"expand"', '"grow"'))).toThrow('migrations[0].phase');
    expect(() => parseManifest(text.replace('"version": 1', '"version": 2'))).toThrow('version');
  });
});

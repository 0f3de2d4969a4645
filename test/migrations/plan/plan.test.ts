import type { Migration, Script, Statement } from '../../../lib/migrations/model';
import { planMigrations } from '../../../lib/migrations/plan';

const MIB = 1024 * 1024;
const statistics = {
  'public.patients': { rows: 3_000_000, bytes: 515 * MIB },
  'care.visits': { rows: 10, bytes: 8192 },
};

function statement(given: Partial<Statement>): Statement {
  return { sql: 'SELECT 1', line: 1, kind: 'AlterTableStmt', locks: [], destructive: false, ...given };
}

function script(sha256: string, statements: readonly Statement[]): Script {
  return {
    file: `${sha256}.sql`,
    sha256,
    transaction: true,
    lockTimeoutMs: 100,
    statementTimeoutMs: 30_000,
    statements,
  };
}

function migration(given: Partial<Migration>, ...statements: Statement[]): Migration {
  const base = { id: 1, name: 'first', phase: 'expand', reversible: 'lossless' } as const;
  return {
    ...base,
    checks: { before: [], after: [] },
    up: script('aa', statements),
    down: script('bb', []),
    ...given,
  };
}

const plan = (pending: readonly Migration[], durations: Readonly<Record<string, number>> = {}) =>
  planMigrations({ pending, repeatables: [], statistics, durations });

const lock = (table: string, how: { rewrites?: boolean; scans?: boolean } = {}) =>
  ({ table, mode: 'ACCESS EXCLUSIVE', rewrites: false, scans: false, ...how }) as const;

describe('an estimate', () => {
  const estimateOf = (given: Partial<Statement>) =>
    plan([migration({}, statement(given))]).migrations[0]!.statements[0]!;

  it('of a statement that reads no table whole is that of the catalogue, and names no rows', () => {
    const found = estimateOf({ locks: [lock('patients')] });
    expect(found).not.toHaveProperty('rows');
    expect(found.estimateMs).toBe(2);
  });

  it('grows with the table and with what is done to it', () => {
    const scan = estimateOf({ locks: [lock('patients', { scans: true })] });
    const index = estimateOf({ kind: 'IndexStmt', locks: [lock('public.patients', { scans: true })] });
    const rewrite = estimateOf({ locks: [lock('patients', { rewrites: true })] });
    const write = estimateOf({ kind: 'UpdateStmt', locks: [lock('patients', { scans: true })] });
    expect([scan, index, rewrite, write].map(({ rows }) => rows)).toEqual([3e6, 3e6, 3e6, 3e6]);
    const order = [scan, index, rewrite, write].map(({ estimateMs }) => estimateMs ?? 0);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(1000);
    expect(estimateOf({ locks: [lock('care.visits', { scans: true })] })).toMatchObject({
      rows: 10,
      estimateMs: 2,
    });
  });

  it('is not made of a table nobody knows the size of', () => {
    const found = estimateOf({
      locks: [lock('patients', { scans: true }), lock('new_table', { scans: true })],
    });
    expect(found.rows).toBe(3_000_000);
    expect(found).not.toHaveProperty('estimateMs');
  });

  it('of a backfill holds its batches and pauses', () => {
    const backfill = { table: 'patients', key: 'id', batch: 5000, pauseMs: 20 };
    const [found] = plan([migration({ backfill }, statement({ kind: 'UpdateStmt' }))]).migrations[0]!
      .statements;
    const [unpaused] = plan([
      migration({ backfill: { ...backfill, pauseMs: 0 } }, statement({ kind: 'UpdateStmt' })),
    ]).migrations[0]!.statements;
    expect(found!.rows).toBe(3_000_000);
    expect(found!.estimateMs! - unpaused!.estimateMs!).toBe(600 * 20);
  });

  it('is what the same file took before, when it ran before', () => {
    const of = migration({}, statement({ locks: [lock('patients', { scans: true })] }), statement({}));
    const sum = plan([of], { aa: 700 }).migrations[0]!.statements.reduce(
      (all, { estimateMs = 0 }) => all + estimateMs,
      0,
    );
    expect(sum).toBe(700);
  });
});

describe('a plan', () => {
  it('tells title, phase and loss of each, and repeatable definitions after them', () => {
    const { migrations } = planMigrations({
      pending: [
        migration(
          { id: 12, name: 'drop_email', phase: 'contract', reversible: 'no' },
          statement({ destructive: true }),
        ),
      ],
      repeatables: [{ name: 'open_visits', script: script('cc', [statement({ kind: 'ViewStmt' })]) }],
      statistics,
    });
    expect(migrations).toMatchObject([
      { title: '0012_drop_email', phase: 'contract', reversible: 'no', destructive: true },
      { title: 'repeatable/open_visits', destructive: false, statements: [{ sql: 'SELECT 1' }] },
    ]);
  });

  it('has a digest that holds on to files and order and to nothing else', () => {
    const [one, two] = [migration({}), migration({ id: 2, name: 'second', up: script('dd', []) })];
    const { digest } = plan([one, two]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(planMigrations({ pending: [one, two], repeatables: [], statistics: {} }).digest).toBe(digest);
    const others = [
      plan([two, one]),
      plan([one]),
      plan([one, { ...two, up: script('ee', []) }]),
      plan([one, { ...two, down: script('ff', []) }]),
      planMigrations({
        pending: [one, two],
        repeatables: [{ name: 'v', script: script('cc', []) }],
        statistics,
      }),
    ].map((other) => other.digest);
    expect(new Set([digest, ...others]).size).toBe(6);
  });
});

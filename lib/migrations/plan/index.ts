import { createHash } from 'node:crypto';
import { type Backfill, type Migration, type Repeatable, type Statement, titleOf } from '../model';
import type { PlannedMigration, PlannedStatement } from '../report';
import type { Statistics, TableSize } from '../statistics';
import { estimate } from './costs';

/** What a plan is made from. */
export interface PlanInput {
  /** The migrations that would run, in order. */
  readonly pending: readonly Migration[];
  /** The repeatable definitions that would run after them, in order. */
  readonly repeatables: readonly Repeatable[];
  /** Sizes of the tables. */
  readonly statistics: Statistics;
  /** How long a file took when it ran before, in milliseconds by the SHA-256 of it. */
  readonly durations?: Readonly<Record<string, number>>;
}

/** What would run, and the name of exactly that. */
export interface Plan {
  /** What would run; a repeatable is called `repeatable/<name>`. */
  readonly migrations: readonly PlannedMigration[];
  /** SHA-256 over the titles and the hashes of the files: another file, or another order, is another plan. */
  readonly digest: string;
}

/** Tells what would run, what it locks, rewrites and reads, and about how long it takes. */
export function planMigrations({ pending, repeatables, statistics, durations = {} }: PlanInput): Plan {
  const migrations = pending.map((migration): PlannedMigration => {
    const { phase, reversible, up, backfill } = migration;
    const statements = up.statements.map((statement) => planned(statement, statistics, backfill));
    return {
      title: titleOf(migration),
      phase,
      reversible,
      destructive: up.statements.some(({ destructive }) => destructive),
      statements: asBefore(statements, durations[up.sha256]),
    };
  });
  const definitions = repeatables.map(({ name, script }): PlannedMigration => ({
    title: `repeatable/${name}`,
    phase: 'expand',
    reversible: 'lossless',
    destructive: script.statements.some(({ destructive }) => destructive),
    statements: asBefore(
      script.statements.map((statement) => planned(statement, statistics)),
      durations[script.sha256],
    ),
  }));
  return { migrations: [...migrations, ...definitions], digest: digestOf(pending, repeatables) };
}

function planned(statement: Statement, statistics: Statistics, backfill?: Backfill): PlannedStatement {
  const { sql, line, locks } = statement;
  const whole =
    backfill === undefined
      ? locks.filter(({ rewrites, scans }) => rewrites || scans).map(({ table }) => table)
      : [backfill.table];
  const sizes = whole.map((table) => sizeOf(table, statistics));
  const known = sizes.filter((size) => size !== undefined);
  return {
    sql,
    line,
    locks,
    ...(known.length === 0 ? {} : { rows: Math.max(...known.map(({ rows }) => rows)) }),
    // A table without a size may be of any size, so nothing is claimed.
    ...(known.length < sizes.length ? {} : { estimateMs: estimate(statement, known, backfill) }),
  };
}

function sizeOf(table: string, statistics: Statistics): TableSize | undefined {
  return statistics[table.includes('.') ? table : `public.${table}`];
}

/** The estimates, stretched to what the file took when it ran before. */
function asBefore(
  statements: readonly PlannedStatement[],
  before: number | undefined,
): readonly PlannedStatement[] {
  const sum = statements.reduce((total, { estimateMs = NaN }) => total + estimateMs, 0);
  if (before === undefined || Number.isNaN(sum) || sum === 0) return statements;
  return statements.map((statement) => ({
    ...statement,
    estimateMs: Math.round(((statement.estimateMs ?? 0) / sum) * before),
  }));
}

function digestOf(pending: readonly Migration[], repeatables: readonly Repeatable[]): string {
  const hash = createHash('sha256');
  for (const migration of pending)
    hash.update(`${titleOf(migration)}\0${migration.up.sha256}\0${migration.down.sha256}\n`);
  for (const { name, script } of repeatables) hash.update(`repeatable/${name}\0${script.sha256}\n`);
  return hash.digest('hex');
}

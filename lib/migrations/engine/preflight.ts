import { type Migration, type MigrationSet, type Phase, titleOf } from '../model';
import type { Problem } from '../report';
import type { Row } from './history';

/** What differs between the files and the history: edited, missing, out of order. Nothing runs meanwhile. */
export function fileProblems(set: MigrationSet, rows: readonly Row[]): readonly Problem[] {
  const files = new Map(set.migrations.map((migration) => [migration.id, migration]));
  return rows.flatMap((row) => {
    const migration = files.get(row.id);
    return migration ? edited(migration, row) : [missing(row)];
  });
}

function missing(row: Row): Problem {
  const title = titleOf(row);
  return {
    code: 'missing-file',
    migration: title,
    file: `${title}.up.sql`,
    message: `${title} is ${row.state} in this database, and this release has no such file.`,
    mend: 'Bring both of its files back as they were; to undo it, run `down` from a release that has them.',
  };
}

function edited(migration: Migration, row: Row): readonly Problem[] {
  const title = titleOf(migration);
  if (migration.name !== row.name)
    return [
      {
        code: 'renamed-file',
        migration: title,
        file: migration.up.file,
        message: `Number ${row.id} is ${row.state} as ${titleOf(row)}, and the file is called ${title}.`,
        mend: 'Give the file its old name; a new migration takes the next number.',
      },
    ];
  const pairs = [
    [migration.up, row.upSha256],
    [migration.down, row.downSha256],
  ] as const;
  return pairs.flatMap(([script, sha256]) =>
    script.sha256 === sha256
      ? []
      : [
          {
            code: 'edited-file',
            migration: title,
            file: script.file,
            message: `${script.file} was changed after it was ${row.state}: its SHA-256 is ${script.sha256}, and the history has ${sha256}.`,
            mend:
              row.state === 'applied'
                ? 'Restore the file and write the change as a new migration.'
                : 'Restore the file, or clear the half-done migration with `repair` first.',
          },
        ],
  );
}

/** What `up` would apply, in order, and why it may not. */
export interface Pending {
  /** In order. */
  readonly migrations: readonly Migration[];
  /** Why they may not run. */
  readonly problems: readonly Problem[];
}

/**
 * What is pending of a phase. Expand and contract are two streams, each in the order of the numbers; a contract
 * migration comes after all expand migrations of lower numbers.
 */
export function pendingOf(
  set: MigrationSet,
  rows: readonly Row[],
  phase: Phase,
  to: number = Infinity,
): Pending {
  const applied = new Set(rows.filter(isApplied).map(({ id }) => id));
  const newest = Math.max(
    0,
    ...rows.filter((row) => row.phase === phase && isApplied(row)).map(({ id }) => id),
  );
  const migrations = set.migrations.filter(
    (migration) => migration.phase === phase && migration.id <= to && !applied.has(migration.id),
  );
  const first = migrations[0];
  const halfWay = rows.find((row) => !isApplied(row) && row.id !== first?.id);
  return {
    migrations,
    problems: [
      ...(halfWay && first ? [unfinished(halfWay)] : []),
      ...migrations.filter(({ id }) => id < newest).map((migration) => outOfOrder(migration, newest)),
      ...(phase === 'contract' ? expandsFirst(set, applied, migrations) : []),
    ],
  };
}

function isApplied(row: Row): boolean {
  return row.state === 'applied';
}

function unfinished(row: Row): Problem {
  return {
    code: 'unfinished',
    migration: titleOf(row),
    message: `${titleOf(row)} is half-way ${row.direction}: ${row.step} of ${row.steps} statements are done.`,
    mend: `Finish it first with \`up\` of the phase ${row.phase}, or undo it with \`repair\`.`,
  };
}

function outOfOrder(migration: Migration, newest: number): Problem {
  return {
    code: 'out-of-order',
    migration: titleOf(migration),
    file: migration.up.file,
    message: `${titleOf(migration)} is not applied, and number ${newest} of the phase ${migration.phase} is.`,
    mend: `Give it a number above ${newest}: nobody has tested the two in this order.`,
  };
}

function expandsFirst(
  set: MigrationSet,
  applied: ReadonlySet<number>,
  contracts: readonly Migration[],
): readonly Problem[] {
  return contracts.flatMap((contract) => {
    const before = set.migrations.filter(
      ({ id, phase }) => phase === 'expand' && id < contract.id && !applied.has(id),
    );
    if (before.length === 0) return [];
    return [
      {
        code: 'expand-first',
        migration: titleOf(contract),
        message: `${titleOf(contract)} comes after ${before.map(titleOf).join(', ')}, which ${before.length === 1 ? 'is' : 'are'} not applied.`,
        mend: 'Run `up` of the phase expand first.',
      },
    ];
  });
}

/** A script that ends the engine's transaction by itself would leave the history behind. */
export function transactionProblems(migrations: readonly Migration[]): readonly Problem[] {
  return migrations.flatMap((migration) =>
    [migration.up, migration.down].flatMap((script) =>
      script.statements
        .filter(({ kind }) => kind === 'TransactionStmt')
        .map(({ line }) => ({
          code: 'transaction-control',
          migration: titleOf(migration),
          file: script.file,
          line,
          message: `${script.file}:${line}: the file begins or ends a transaction by itself.`,
          mend: 'Take the statement out: the engine holds the transaction; `transaction=false` makes each statement a step.',
        })),
    ),
  );
}

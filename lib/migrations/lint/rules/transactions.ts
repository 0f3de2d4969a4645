import { LOCK_MODES } from '../../model';
import type { Hit, LintStatement, Rule, Script, Subject } from '../rule';
import { qualified } from '../sql/names';
import { all, as, within, words } from '../sql/nodes';
import { commands, commandsOnOld, constraintsOnOld, nodes } from './find';

/** Settings that the engine gives its session. */
const ENGINE_SETTINGS =
  /^(lock_timeout|.*_timeout|search_path|role|session_authorization|session_replication_role|row_security|client_connection_check_interval)$/;

const CHANGES: readonly string[] = ['UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** The longest that a request may stall, in milliseconds; the application's worst stall equals lock_timeout. */
const LOCK_BUDGET_MS = 200;
/** Longest run of the runner function. Source: AWS Lambda quotas. */
const RUNNER_MS = 15 * 60 * 1000;

/** What must not, and what must, stand in one transaction. */
export const TRANSACTION_RULES: readonly Rule[] = [
  {
    id: 'validate-in-same-transaction',
    title: 'NOT VALID and VALIDATE are two transactions.',
    severity: 'error',
    why: 'The lock that ADD CONSTRAINT takes is held until the transaction ends, so the scan of VALIDATE runs under it: as bad as without NOT VALID.',
    mend: 'Move VALIDATE CONSTRAINT to the next file.',
    measured:
      'on 3 million rows the worst request took 99 to 119 times the baseline; 0.4 times in two transactions.',
    check: ({ script }: Subject): readonly Hit[] => {
      if (!script.header.transaction) return [];
      const added = new Set(
        constraintsOnOld(script).map(({ table, constraint }) => `${table}.${constraint.conname ?? ''}`),
      );
      return commands(script)
        .filter(({ command }) => command.subtype === 'AT_ValidateConstraint')
        .filter(({ table, command }) => added.has(`${table}.${command.name ?? ''}`))
        .map(({ at, command }) => ({
          at,
          message: `${command.name ?? ''} is added and validated in one transaction.`,
        }));
    },
  },
  {
    id: 'change-with-schema-change',
    title: 'Rows and schema of tables in use do not change in one transaction.',
    severity: 'error',
    why: 'The lock of ALTER TABLE is held while all rows are changed: nothing reads or writes the table until both are done.',
    mend: 'Put the change of rows into a pair of its own with kind=backfill.',
    measured:
      'add column and backfill of 3 million rows in one transaction: worst request 899 to 957 times the baseline.',
    check: ({ script }: Subject): readonly Hit[] => {
      const strong = script.statements.find((each) => locked(script, each, 'SHARE ROW EXCLUSIVE').length > 0);
      if (!script.header.transaction || !strong) return [];
      return script.statements
        .filter((each) => changesRows(script, each))
        .map((at) => ({
          at,
          message: `Rows change in the transaction that locks ${locked(script, strong, 'SHARE ROW EXCLUSIVE').join(', ')}.`,
        }));
    },
  },
  {
    id: 'several-exclusive-locks',
    title: 'A transaction locks one table that is in use, not several.',
    severity: 'error',
    why: 'It waits for the second table while it holds the first, so all users of the first wait for the slowest of the second, and an application that takes them in another order deadlocks with it.',
    mend: 'Make a pair of each table.',
    check: ({ script }: Subject): readonly Hit[] => {
      if (!script.header.transaction) return [];
      const tables = new Set<string>();
      return script.statements.flatMap((at) => {
        if (isView(at)) return [];
        const before = tables.size;
        for (const table of locked(script, at, 'ACCESS EXCLUSIVE')) tables.add(table);
        // Both locks of one statement, such as of a partition and its parent, nobody can take apart.
        const more = before > 0 && tables.size > before;
        return more ? [{ at, message: `The transaction holds ${[...tables].join(' and ')} alone.` }] : [];
      });
    },
  },
  {
    id: 'slow-after-lock',
    title: 'Nothing slow follows a strong lock in one transaction.',
    severity: 'error',
    why: 'Locks are held until the transaction ends: a scan of another table keeps the first one locked for as long as it takes.',
    mend: 'Put the slow statement into a pair of its own.',
    check: ({ script }: Subject): readonly Hit[] => {
      const first = script.statements.findIndex(
        (each) => locked(script, each, 'ACCESS EXCLUSIVE').length > 0,
      );
      if (!script.header.transaction || first < 0) return [];
      const own = new Set(constraintsOnOld(script).map(({ constraint }) => constraint.conname));
      return script.statements.slice(first + 1).flatMap((at) => {
        const validates = commandsOnOld({ ...script, statements: [at] }).some(
          ({ command }) => command.subtype === 'AT_ValidateConstraint' && !own.has(command.name),
        );
        const reads = 'CreateTableAsStmt' in at.node && at.locks.some(({ scans }) => scans);
        return validates || reads
          ? [{ at, message: 'A whole table is read while an other one is locked.' }]
          : [];
      });
    },
  },
  {
    id: 'enum-value-used',
    title: 'A new value of an enum is used in a later transaction.',
    severity: 'error',
    why: 'PostgreSQL refuses a value that the same transaction added (55P04).',
    mend: 'Add the value in a pair of its own.',
    check: ({ script }: Subject): readonly Hit[] => {
      if (!script.header.transaction) return [];
      return nodes(script, 'AlterEnumStmt').flatMap(({ at: added, node }) =>
        script.statements
          .slice(script.statements.indexOf(added) + 1)
          .filter((each) => node.oldVal === undefined && mentions(each, node.newVal ?? ''))
          .map((at) => ({ at, message: `'${node.newVal ?? ''}' is used in the transaction that adds it.` })),
      );
    },
  },
  {
    id: 'needless-no-transaction',
    title: 'transaction=false stands only where it has to.',
    severity: 'warning',
    why: 'Without a transaction a failure leaves the file half applied, to be continued or mended by hand.',
    mend: 'Leave transaction=false out, or put the statements that need it into a pair of their own.',
    check: ({ script }: Subject): readonly Hit[] => {
      const { header, statements } = script;
      if (header.transaction || header.backfill || statements.length === 0) return [];
      const inOne = { ...script, header: { ...header, transaction: true } };
      const needed =
        statements.some(isAlone) ||
        NEEDING.some(({ check }) => check({ script: inOne, severityFor: () => undefined }).length > 0);
      return needed ? [] : [{ message: 'Every statement could run in one transaction.' }];
    },
  },
  {
    id: 'session-setting',
    title: 'No file changes the settings of the session.',
    severity: 'error',
    why: 'The engine sets timeouts, role and search path; a setting that outlives its statement changes how every later file runs.',
    mend: 'Use lock_timeout= and statement_timeout= in the header, SET LOCAL for anything else, and qualified names.',
    check: ({ script }) => [
      ...nodes(script, 'VariableSetStmt')
        .filter(({ node }) => !node.is_local || ENGINE_SETTINGS.test(node.name ?? ''))
        .map(({ at, node }) => ({ at, message: `The file sets ${node.name ?? 'all settings'}.` })),
      ...nodes(script, 'SelectStmt').flatMap(({ at, node }) =>
        within([node], 'FuncCall')
          .filter(({ funcname }) => words(funcname).at(-1) === 'set_config')
          .map(({ args }) => all(args, 'A_Const'))
          .filter(
            ([name, , local]) => !local?.boolval?.boolval || ENGINE_SETTINGS.test(name?.sval?.sval ?? ''),
          )
          .map(([name]) => ({ at, message: `The file sets ${name?.sval?.sval ?? 'a setting'}.` })),
      ),
    ],
  },
  {
    id: 'lock-timeout-too-long',
    title: `No statement that blocks others waits longer than ${LOCK_BUDGET_MS} ms for its lock.`,
    severity: 'error',
    why: 'While a statement waits for a strong lock, everybody else queues behind it: the worst stall of the application equals lock_timeout.',
    mend: 'Leave lock_timeout out (100 ms): the engine tries again with growing pauses.',
    measured:
      'behind a 4 s reader the worst query took 2000 ms with lock_timeout 2 s, 201 ms with 200 ms, 50 ms with 50 ms.',
    check: ({ script }: Subject): readonly Hit[] => {
      const { header, statements } = script;
      const blocks = statements.some((each) => locked(script, each, 'SHARE').length > 0);
      if (header.lockTimeoutMs <= LOCK_BUDGET_MS || !blocks) return [];
      return [{ message: `lock_timeout is ${header.lockTimeoutMs} ms.` }];
    },
  },
  {
    id: 'statement-timeout-too-long',
    title: 'No statement of a transaction may run longer than the runner function lives.',
    severity: 'warning',
    why: 'The runner is ended after 15 minutes, which undoes the transaction: it can never finish.',
    mend: 'Make the statement smaller, or build CONCURRENTLY or backfill outside a transaction, which continue in the next call.',
    check: ({ script: { header } }) =>
      header.transaction && header.statementTimeoutMs > RUNNER_MS
        ? [{ message: `statement_timeout is ${header.statementTimeoutMs / 60_000} minutes.` }]
        : [],
  },
];

/** Traps of one transaction that transaction=false avoids. */
const NEEDING = TRANSACTION_RULES.filter(({ id }) =>
  ['validate-in-same-transaction', 'several-exclusive-locks', 'slow-after-lock', 'enum-value-used'].includes(
    id,
  ),
);

/** Whether a statement is about views, which have no rows that anybody waits for. */
function isView({ node }: LintStatement): boolean {
  return 'ViewStmt' in node || as(node, 'DropStmt')?.removeType === 'OBJECT_VIEW';
}

/** Whether a statement refuses to run in a transaction. */
function isAlone({ node, sql }: LintStatement): boolean {
  return 'VacuumStmt' in node || 'AlterSystemStmt' in node || /\bCONCURRENTLY\b/i.test(sql);
}

/** Tables that were there before and that a statement locks at least as strongly. */
function locked(script: Script, { locks }: LintStatement, weakest: (typeof LOCK_MODES)[number]): string[] {
  return locks
    .filter(({ mode }) => LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf(weakest))
    .map(({ table }) => qualified(table.split('.')))
    .filter((table) => !script.made.has(table));
}

/** Whether a statement changes or copies rows of a table that was there before. */
function changesRows(script: Script, { node, kind, locks }: LintStatement): boolean {
  const copies = as(node, 'InsertStmt')?.selectStmt !== undefined && locks.some(({ scans }) => scans);
  return (
    (CHANGES.includes(kind) && locks.some(({ table }) => !script.made.has(qualified(table.split('.'))))) ||
    copies
  );
}

function mentions({ node }: LintStatement, value: string): boolean {
  const literals = within(node, 'A_Const').map(({ sval }) => sval?.sval);
  const body = within(node, 'DefElem')
    .filter(({ defname }) => defname === 'as')
    .flatMap(({ arg }) => words(arg && 'List' in arg ? arg.List.items : arg && [arg]));
  return literals.includes(value) || body.some((text) => text.includes(`'${value}'`));
}

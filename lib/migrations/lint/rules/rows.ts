import type { Node, RangeVar } from '@pgsql/types';
import type { Hit, LintStatement, Rule, Script, Subject } from '../rule';
import { tableOf } from '../sql/names';
import { all, as, within, words } from '../sql/nodes';
import { columns, constraints, nodes } from './find';

/** Tables whose rows are evidence: nobody changes or deletes them, no cascade reaches them. */
const EVIDENCE = /\.(\w*_)?(audit|signature|signed)(_\w*|s)?$/;

/** Statements on rows: changes without bounds, and what reaches evidence. */
export const ROW_RULES: readonly Rule[] = [
  {
    id: 'update-without-where',
    title: 'No UPDATE changes all rows at once.',
    severity: 'error',
    why: 'It locks every row until it is through, writes the table a second time, and cannot be continued after a failure.',
    mend: 'Make it a pair with kind=backfill, which runs in batches and continues where it was.',
    measured:
      'on 3 million rows the worst request took 791 to 859 times the baseline; in batches 1.3 to 1.6 times.',
    check: ({ script, severityFor }) =>
      changes(script, 'UpdateStmt')
        .filter(({ where }) => !where)
        .map(({ at, table }) => ({
          at,
          message: `Every row of ${table} changes.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'delete-without-where',
    title: 'No DELETE empties a table.',
    severity: 'error',
    why: 'It locks and writes every row, and what is gone comes back only from a snapshot.',
    mend: 'Say which rows by a WHERE in a backfill, or drop the table in a contract migration.',
    check: ({ script, severityFor }) =>
      changes(script, 'DeleteStmt')
        .filter(({ where }) => !where)
        .map(({ at, table }) => ({
          at,
          message: `Every row of ${table} goes.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'unbatched-change',
    title: 'Rows of a table that is in use change in batches.',
    severity: 'warning',
    why: 'A WHERE does not say how many rows it finds: all of them stay locked until the statement is through.',
    mend: 'Make it a pair with kind=backfill, or find single rows by id.',
    check: ({ script }) => [
      ...[...changes(script, 'UpdateStmt'), ...changes(script, 'DeleteStmt')]
        .filter(({ where }) => where && !findsById(where))
        .map(({ at, table }) => ({ at, message: `An unknown number of rows of ${table} change at once.` })),
      ...nodes(script, 'InsertStmt')
        .filter(({ at, node }) => {
          const source = as(node.selectStmt, 'SelectStmt');
          return !script.header.backfill && source?.fromClause && at.locks.some(({ scans }) => scans);
        })
        .map(({ at }) => ({ at, message: 'An unknown number of rows is copied at once.' })),
    ],
  },
  {
    id: 'truncate',
    title: 'No migration empties a table by TRUNCATE.',
    severity: 'error',
    why: 'It takes ACCESS EXCLUSIVE, passes row-level security and row triggers by, and with CASCADE empties tables that the file does not name.',
    mend: 'Drop the table in a contract migration, or delete rows by a backfill.',
    check: ({ script }) =>
      nodes(script, 'TruncateStmt').flatMap(({ at, node }) => {
        const tables = all(node.relations, 'RangeVar').map(tableOf);
        if (tables.every((table) => script.made.has(table))) return [];
        const more = node.behavior === 'DROP_CASCADE' ? ' and whatever refers to it' : '';
        return [{ at, message: `TRUNCATE empties ${tables.join(', ')}${more}.` }];
      }),
  },
  {
    id: 'audit-rows-changed',
    title: 'No migration changes rows of audit and signature tables.',
    severity: 'error',
    why: 'They are evidence (45 CFR 164.312(b), 164.316(b)(2)): a changed row breaks the chain and what it proves.',
    mend: 'Add a column beside the old one, and leave what is written as it is.',
    check: ({ script }) =>
      [...changes(script, 'UpdateStmt', true), ...changes(script, 'DeleteStmt', true)]
        .filter(({ table }) => EVIDENCE.test(table))
        .map(({ at, table }) => ({ at, message: `Rows of ${table} are changed or deleted.` })),
  },
  {
    id: 'cascade-into-audit',
    title: 'No foreign key deletes or changes rows of audit and signature tables.',
    severity: 'error',
    why: 'ON DELETE CASCADE lets whoever may delete a visit delete the proof of what was done in it, past every policy.',
    mend: 'Write ON DELETE RESTRICT, or keep the id without a foreign key.',
    check: ({ script }) =>
      constraints(script)
        .filter(({ table, constraint }) => constraint.contype === 'CONSTR_FOREIGN' && EVIDENCE.test(table))
        .filter(({ constraint: { fk_del_action: gone, fk_upd_action: changed } }) =>
          [gone, changed].some((action) => ['c', 'n', 'd'].includes(action ?? '')),
        )
        .map(({ at, table }) => ({ at, message: `A foreign key of ${table} acts on its rows.` })),
  },
  {
    id: 'audit-grant',
    title: 'Nobody is granted to change rows of audit and signature tables.',
    severity: 'error',
    why: 'Evidence that the application can change proves nothing about the application.',
    mend: 'Grant SELECT and INSERT only.',
    check: ({ script }) =>
      nodes(script, 'GrantStmt')
        .filter(({ node }) => node.is_grant && node.objtype === 'OBJECT_TABLE')
        .filter(({ node }) => {
          const verbs = all(node.privileges, 'AccessPriv').map(({ priv_name }) => priv_name);
          return verbs.length === 0 || verbs.some((verb) => verb === 'update' || verb === 'delete');
        })
        .flatMap(({ at, node }) =>
          all(node.objects, 'RangeVar')
            .map(tableOf)
            .filter((table) => EVIDENCE.test(table))
            .map((table) => ({ at, message: `UPDATE or DELETE of ${table} is granted.` })),
        ),
  },
  {
    id: 'foreign-key-without-index',
    title: 'A foreign key has an index that begins with one of its columns.',
    severity: 'warning',
    why: 'Every delete and every change of a referred key reads the whole referring table without one.',
    mend: 'Make an index that begins with the columns of the key.',
    check: ({ script }: Subject): readonly Hit[] => {
      const leading = new Set([
        ...nodes(script, 'IndexStmt').map(({ node }) => {
          const first = all(node.indexParams, 'IndexElem')[0];
          return `${tableOf(node.relation)}.${first?.name ?? ''}`;
        }),
        ...constraints(script)
          .filter(
            ({ constraint: { contype } }) => contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE',
          )
          .map(({ table, columns: [first = ''] }) => `${table}.${first}`),
      ]);
      const tables = new Set(columns(script).flatMap(({ table, withTable }) => (withTable ? [table] : [])));
      return constraints(script)
        .filter(({ table, constraint }) => constraint.contype === 'CONSTR_FOREIGN' && tables.has(table))
        .filter(({ table, columns: own }) => !own.some((column) => leading.has(`${table}.${column}`)))
        .map(({ at, table, columns: own }) => ({
          at,
          message: `No index of ${table} begins with ${own.join(' or ')}.`,
        }));
    },
  },
];

interface Change {
  readonly at: LintStatement;
  readonly table: string;
  readonly where: Node | undefined;
}

/** Changes of tables that were there before, outside backfills unless asked for. */
function changes(script: Script, kind: 'UpdateStmt' | 'DeleteStmt', anyhow = false): Change[] {
  if (script.header.backfill && !anyhow) return [];
  // Anywhere in the statement: a WITH may change rows too.
  return script.statements.flatMap((at) =>
    within(at.node, kind).flatMap((node) => {
      const { relation, whereClause } = node as { relation?: RangeVar; whereClause?: Node };
      const table = tableOf(relation);
      return script.made.has(table) ? [] : [{ at, table, where: whereClause }];
    }),
  );
}

/** Whether a WHERE compares an id with constants. */
function findsById(where: Node): boolean {
  const test = as(where, 'A_Expr');
  const name = words(as(test?.lexpr, 'ColumnRef')?.fields).at(-1);
  return (
    test?.kind !== undefined &&
    ['AEXPR_OP', 'AEXPR_IN'].includes(test.kind) &&
    name === 'id' &&
    words(test.name)[0] === '='
  );
}

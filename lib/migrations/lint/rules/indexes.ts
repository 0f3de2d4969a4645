import { objectOf, tableOf } from '../sql/names';
import { all, within, words } from '../sql/nodes';
import type { Rule } from '../rule';
import { constraintsOnOld, nodes } from './find';
import { NOT_IMMUTABLE } from './functions';

/** Indexes that are built, dropped and rebuilt. */
export const INDEX_RULES: readonly Rule[] = [
  {
    id: 'index-not-concurrent',
    title: 'An index on a table that is in use is built CONCURRENTLY.',
    severity: 'error',
    why: 'CREATE INDEX holds SHARE on the table until it is built: every write waits, and the writers that wait use up the pool, so reads stall too.',
    mend: 'Write CREATE INDEX CONCURRENTLY in a file with transaction=false.',
    measured:
      'on 3 million rows the worst request took 104 to 122 times the baseline without, 0.9 times with CONCURRENTLY.',
    check: ({ script, severityFor }) =>
      nodes(script, 'IndexStmt')
        .map(({ at, node }) => ({ at, node, table: tableOf(node.relation) }))
        .filter(({ node, table }) => !node.concurrent && !script.made.has(table))
        .map(({ at, node, table }) => ({
          at,
          message: `Index ${node.idxname ?? ''} on ${table} is built without CONCURRENTLY.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'drop-index-not-concurrent',
    title: 'An index of a table that is in use is dropped CONCURRENTLY.',
    severity: 'error',
    why: 'DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every running query, and every later query waits behind it.',
    mend: 'Write DROP INDEX CONCURRENTLY in a file with transaction=false.',
    measured:
      'behind a reader of 4 s, such a lock without lock_timeout stalled every other query for 3.75 s.',
    check: ({ script }) =>
      nodes(script, 'DropStmt')
        .filter(({ node }) => node.removeType === 'OBJECT_INDEX' && !node.concurrent)
        .map(({ at, node }) => ({
          at,
          message: `Index ${(node.objects ?? []).map(objectOf).join(', ')} is dropped without CONCURRENTLY.`,
        })),
  },
  {
    id: 'reindex-not-concurrent',
    title: 'An index is rebuilt CONCURRENTLY.',
    severity: 'error',
    why: 'REINDEX blocks writes of the table, and every read that would use the index, until it is rebuilt.',
    mend: 'Write REINDEX INDEX CONCURRENTLY or REINDEX TABLE CONCURRENTLY in a file with transaction=false.',
    check: ({ script }) =>
      nodes(script, 'ReindexStmt')
        .filter(({ node }) => !all(node.params, 'DefElem').some(({ defname }) => defname === 'concurrently'))
        .map(({ at }) => ({ at, message: 'REINDEX runs without CONCURRENTLY.' })),
  },
  {
    id: 'wide-index',
    title: 'An index has at most three key columns.',
    severity: 'warning',
    why: 'Columns behind the third seldom help to find rows, but every write pays for them.',
    mend: 'Keep the columns that select most, or move those that are only read into INCLUDE (...).',
    check: ({ script }) =>
      nodes(script, 'IndexStmt')
        .filter(({ node }) => (node.indexParams?.length ?? 0) > 3)
        .map(({ at, node }) => ({
          at,
          message: `Index ${node.idxname ?? ''} has ${node.indexParams?.length ?? 0} key columns.`,
        })),
  },
  {
    id: 'index-volatile-function',
    title: 'Index expressions and predicates are immutable.',
    severity: 'error',
    why: 'PostgreSQL refuses functions that are not IMMUTABLE in an index (42P17), and wrapping one in a function marked so makes an index that silently lacks rows.',
    mend: 'Store the value in a column, or leave the time out of the predicate and put it into the query.',
    check: ({ script }) =>
      nodes(script, 'IndexStmt').flatMap(({ at, node }) => {
        const parts = [node.indexParams, node.whereClause];
        const functions = within(parts, 'FuncCall').map(({ funcname }) => words(funcname).at(-1) ?? '');
        const moments = within(parts, 'SQLValueFunction').map(() => 'CURRENT_...');
        const bad = [...functions.filter((name) => NOT_IMMUTABLE.has(name)), ...moments];
        return bad.length > 0
          ? [{ at, message: `Index ${node.idxname ?? ''} calls ${bad.join(', ')}.` }]
          : [];
      }),
  },
  {
    id: 'unique-without-index',
    title: 'A unique constraint on a table that is in use takes over an index built CONCURRENTLY.',
    severity: 'error',
    why: 'ADD UNIQUE and ADD PRIMARY KEY build their index under ACCESS EXCLUSIVE: nothing reads or writes the table until it is built.',
    mend: 'CREATE UNIQUE INDEX CONCURRENTLY in a file with transaction=false, then ADD CONSTRAINT ... UNIQUE USING INDEX in the next.',
    measured:
      'on 3 million rows the worst request took 82 to 105 times the baseline without, 0.6 to 1.1 times with USING INDEX.',
    check: ({ script, severityFor }) =>
      constraintsOnOld(script)
        .filter(({ constraint }) => !constraint.indexname)
        .filter(({ constraint: { contype } }) => contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY')
        .map(({ at, table }) => ({
          at,
          message: `The constraint on ${table} builds its index while it holds the table.`,
          severity: severityFor(table),
        })),
  },
];

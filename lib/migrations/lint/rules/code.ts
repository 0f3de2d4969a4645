import type { CreateFunctionStmt, DefElem, Node } from '@pgsql/types';
import type { Hit, Rule, Subject } from '../rule';
import { qualified } from '../sql/names';
import { all, as, within, words } from '../sql/nodes';
import { nodes } from './find';
import { revokedFromPublic } from './security';

/** Functions, blocks of code, and statements that may do nothing. */
export const CODE_RULES: readonly Rule[] = [
  {
    id: 'definer-search-path',
    title: 'A SECURITY DEFINER function pins its search_path.',
    severity: 'error',
    why: "It runs with its owner's rights; whoever calls it chooses by the search_path which tables and functions it finds.",
    mend: "Write SET search_path = '' and qualify every name in the body.",
    check: ({ script }) => [
      ...nodes(script, 'CreateFunctionStmt')
        .filter(
          ({ node }) => isDefiner(all(node.options, 'DefElem')) && !isPinned(all(node.options, 'DefElem')),
        )
        .map(({ at, node }) => ({ at, message: `${nameOf(node)} has no pinned search_path.` })),
      ...nodes(script, 'AlterFunctionStmt')
        .filter(
          ({ node }) => isDefiner(all(node.actions, 'DefElem')) && !isPinned(all(node.actions, 'DefElem')),
        )
        .map(({ at, node }) => ({
          at,
          message: `${qualified(words(node.func?.objname))} has no pinned search_path.`,
        })),
    ],
  },
  {
    id: 'definer-public-execute',
    title: 'A SECURITY DEFINER function is not for everybody.',
    severity: 'error',
    why: 'PostgreSQL lets PUBLIC execute every new function: any role could act with the rights of its owner.',
    mend: 'REVOKE EXECUTE ON FUNCTION ... FROM PUBLIC in the same file, then grant it by name.',
    check: ({ script }: Subject): readonly Hit[] => {
      const revoked = revokedFromPublic(script);
      return nodes(script, 'CreateFunctionStmt')
        .filter(({ node }) => isDefiner(all(node.options, 'DefElem')) && !revoked.includes(nameOf(node)))
        .map(({ at, node }) => ({ at, message: `PUBLIC may execute ${nameOf(node)}.` }));
    },
  },
  {
    id: 'do-block',
    title: 'No migration hides statements in a DO block, a call or CREATE SCHEMA.',
    severity: 'warning',
    why: 'What it does is known only when it runs: no rule here sees its locks, and two databases may end up different.',
    mend: 'Write the statements plainly; where there is no other way, say why in a lint-ignore.',
    check: ({ script }) =>
      script.statements
        .filter(({ node }) => hidesStatements(node))
        .map((at) => ({ at, message: 'What the statement does inside is not looked at.' })),
  },
  {
    id: 'if-exists',
    title: 'A statement does not count on an unknown state.',
    severity: 'warning',
    why: 'IF EXISTS and IF NOT EXISTS succeed on something else of the same name, so the history says what is not so; the transaction already makes a second run safe.',
    mend: 'Leave it out: drift is to be found, not to be passed over.',
    directions: ['up', 'down'],
    check: ({ script }) =>
      script.header.transaction
        ? script.statements
            .filter(({ node }) => mayDoNothing(node) && !('CreateExtensionStmt' in node))
            .map((at) => ({ at, message: 'The statement may do nothing.' }))
        : [],
  },
];

/** Whether a statement may run others that the grammar does not show: CALL, DO, SELECT of a function of our own. */
function hidesStatements(node: Node): boolean {
  if ('DoStmt' in node || 'CallStmt' in node) return true;
  if ('CreateSchemaStmt' in node) return (node.CreateSchemaStmt.schemaElts ?? []).length > 0;
  const calls = 'SelectStmt' in node ? within([node], 'FuncCall') : [];
  return calls.some(({ funcname }) => words(funcname).length > 1 && words(funcname)[0] !== 'pg_catalog');
}

function nameOf({ funcname }: CreateFunctionStmt): string {
  return qualified(words(funcname));
}

function isDefiner(options: readonly DefElem[]): boolean {
  return options.some(({ defname, arg }) => defname === 'security' && as(arg, 'Boolean')?.boolval === true);
}

/** Whether the path is set, and to no schema in which callers may make objects. */
function isPinned(options: readonly DefElem[]): boolean {
  return options.some(({ defname, arg }) => {
    const set = defname === 'set' ? as(arg, 'VariableSetStmt') : undefined;
    if (set?.name !== 'search_path' || set.kind !== 'VAR_SET_VALUE') return false;
    const path = all(set.args, 'A_Const').map(({ sval }) => sval?.sval ?? '');
    return !path.some((schema) => schema === 'public' || schema === '$user');
  });
}

/** Whether the grammar marks the statement, or a part of ALTER TABLE, with IF EXISTS or IF NOT EXISTS. */
function mayDoNothing(node: object): boolean {
  return Object.values(
    node as Record<string, { if_not_exists?: boolean; missing_ok?: boolean; cmds?: object[] }>,
  ).some(
    (statement) =>
      statement.if_not_exists === true ||
      statement.missing_ok === true ||
      (statement.cmds ?? []).some(mayDoNothing),
  );
}

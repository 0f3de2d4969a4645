import type { CreatePolicyStmt, Node } from '@pgsql/types';
import type { Hit, Rule, Subject } from '../rule';
import { qualified, tableOf } from '../sql/names';
import { all, as, words } from '../sql/nodes';
import { copyOf } from '../sql/schema';
import { commands, nodes } from './find';

const API = 'telehealth_api';
const MIGRATOR = 'telehealth_migrator';
const TOO_MUCH = ['truncate', 'trigger', 'references', 'maintain'];
const ROLE_STATEMENTS = [
  'CreateRoleStmt',
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'DropRoleStmt',
  'GrantRoleStmt',
  'DropOwnedStmt',
  'ReassignOwnedStmt',
];

/** Row-level security, rights and roles. */
export const SECURITY_RULES: readonly Rule[] = [
  {
    id: 'row-security-missing',
    title:
      'A table in public has row-level security enabled and forced, and a policy, from the file that makes it.',
    severity: 'error',
    why: 'Without ENABLE every organisation sees all rows; without FORCE the owner does; without a policy nobody sees any.',
    mend: 'ALTER TABLE ... ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY and CREATE POLICY in the same file.',
    directions: ['up', 'repeatable'],
    check: ({ script }: Subject): readonly Hit[] => {
      const has = (table: string, subtype: string): boolean =>
        commands(script).some((each) => each.table === table && each.command.subtype === subtype);
      const policies = nodes(script, 'CreatePolicyStmt').map(({ node }) => tableOf(node.table));
      return madeTables(script).flatMap(({ at, table }) => {
        const missing = [
          ...(has(table, 'AT_EnableRowSecurity') ? [] : ['ENABLE']),
          ...(has(table, 'AT_ForceRowSecurity') ? [] : ['FORCE']),
          ...(policies.includes(table) ? [] : ['a policy']),
        ];
        return missing.length > 0 ? [{ at, message: `${table} lacks ${missing.join(', ')}.` }] : [];
      });
    },
  },
  {
    id: 'migrator-policy-missing',
    title: `A table in public has a policy for ${MIGRATOR}.`,
    severity: 'error',
    why: 'FORCE binds the owner too: a backfill would find no rows and say that it is done.',
    mend: `CREATE POLICY migrator ON ... TO ${MIGRATOR} USING (true) WITH CHECK (true).`,
    directions: ['up'],
    check: ({ script }: Subject): readonly Hit[] => {
      const policies = nodes(script, 'CreatePolicyStmt');
      return madeTables(script)
        .filter(({ table }) => policies.some(({ node }) => tableOf(node.table) === table))
        .filter(
          ({ table }) =>
            !policies.some(({ node }) => tableOf(node.table) === table && rolesOf(node).includes(MIGRATOR)),
        )
        .map(({ at, table }) => ({ at, message: `No policy of ${table} is for ${MIGRATOR}.` }));
    },
  },
  {
    id: 'row-security-off',
    title: 'Row-level security stays on.',
    severity: 'error',
    why: 'From that moment every organisation sees the rows of all others.',
    mend: 'Change the policies instead.',
    check: ({ script }) =>
      commands(script)
        .filter(({ command }) => /^AT_(Disable|NoForce)RowSecurity$/.test(command.subtype ?? ''))
        .map(({ at, table }) => ({ at, message: `Row-level security of ${table} is switched off.` })),
  },
  {
    id: 'policy-open',
    title: `No policy lets others than ${MIGRATOR} see or write every row.`,
    severity: 'error',
    why: 'Policies are joined by OR: one that says true, or that holds for PUBLIC, undoes all others.',
    mend: 'Name the role behind TO, and compare the row with app.current_organisation().',
    directions: ['up', 'repeatable'],
    check: ({ script }) =>
      nodes(script, 'CreatePolicyStmt').flatMap(({ at, node }) => {
        if (node.permissive === false || node.permissive === undefined) return [];
        const roles = rolesOf(node);
        if (roles.every((role) => role === MIGRATOR)) return [];
        if (roles.includes('')) return [{ at, message: `Policy ${node.policy_name ?? ''} is for PUBLIC.` }];
        const open = [node.qual, node.with_check].some(isTrue);
        return open
          ? [{ at, message: `Policy ${node.policy_name ?? ''} says true for ${roles.join(', ')}.` }]
          : [];
      }),
  },
  {
    id: 'view-owner-rights',
    title: 'A view runs with the rights of whoever reads it.',
    severity: 'error',
    why: `Without security_invoker a view reads as its owner ${MIGRATOR}, whose policy shows every row of every organisation.`,
    mend: 'Write CREATE VIEW ... WITH (security_invoker = true).',
    check: ({ script }) =>
      nodes(script, 'ViewStmt')
        .filter(({ node }) => node.view?.relpersistence !== 't')
        .filter(({ node }) => !all(node.options, 'DefElem').some(isInvoker))
        .map(({ at, node }) => ({ at, message: `${tableOf(node.view)} has no security_invoker.` })),
  },
  {
    id: 'materialized-view',
    title: 'No materialized view holds rows of organisations.',
    severity: 'error',
    why: 'It has no row-level security: whoever may read it reads the rows of every organisation.',
    mend: 'Use a view with security_invoker, or a table with policies that a trigger or job fills.',
    check: ({ script }) =>
      nodes(script, 'CreateTableAsStmt')
        .filter(({ node }) => node.objtype === 'OBJECT_MATVIEW')
        .map(({ at, node }) => ({ at, message: `${tableOf(node.into?.rel)} keeps rows without policies.` })),
  },
  {
    id: 'select-star-view',
    title: 'A view names its columns.',
    severity: 'error',
    why: 'The star is frozen into the columns of today; to add or drop one later needs the view dropped first, and new ones of PHI slip in.',
    mend: 'List the columns.',
    check: ({ script }) =>
      [...nodes(script, 'ViewStmt'), ...nodes(script, 'CreateTableAsStmt')]
        .filter(({ node }) => hasStar(node.query))
        .map(({ at }) => ({ at, message: 'The query selects *.' })),
  },
  {
    id: 'grant-public',
    title: 'Nothing is granted to PUBLIC.',
    severity: 'error',
    why: 'PUBLIC is every role that is there and every one that comes.',
    mend: `Grant to ${API} by name.`,
    check: ({ script }) =>
      nodes(script, 'GrantStmt')
        .filter(({ node }) => node.is_grant && grantees(node.grantees).includes(''))
        .map(({ at }) => ({ at, message: 'The right is granted to PUBLIC.' })),
  },
  {
    id: 'grant-too-much',
    title: 'Rights on tables are granted verb by verb.',
    severity: 'error',
    why: 'ALL holds TRUNCATE, which passes row-level security by, and TRIGGER and REFERENCES, which the application never needs; WITH GRANT OPTION passes them on.',
    mend: 'Name the tables and SELECT, INSERT, UPDATE (columns) or DELETE.',
    check: ({ script }) =>
      nodes(script, 'GrantStmt')
        .filter(
          ({ node }) =>
            node.is_grant && node.objtype === 'OBJECT_TABLE' && !grantees(node.grantees).includes(''),
        )
        .filter(({ node }) => {
          const verbs = all(node.privileges, 'AccessPriv').map(({ priv_name }) => priv_name ?? '');
          const whole = node.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' || node.grant_option === true;
          return verbs.length === 0 || whole || verbs.some((verb) => TOO_MUCH.includes(verb));
        })
        .map(({ at }) => ({ at, message: 'More is granted than reading and writing rows of named tables.' })),
  },
  {
    id: 'default-privileges',
    title: 'No right is granted on tables that are still to come.',
    severity: 'error',
    why: 'The next table is open before anybody thought of its policies.',
    mend: 'Grant in the file that makes the table.',
    check: ({ script }) =>
      nodes(script, 'AlterDefaultPrivilegesStmt')
        .filter(({ node }) => node.action?.is_grant)
        .map(({ at }) => ({ at, message: 'Later objects get the right by themselves.' })),
  },
  {
    id: 'role-statement',
    title: 'No migration makes or changes roles.',
    severity: 'error',
    why: 'Roles belong to the whole server, outlive a restored database, and a password in a file is no secret.',
    mend: "Make roles in the database's preparation.",
    check: ({ script }) =>
      script.statements
        .filter(({ kind }) => ROLE_STATEMENTS.includes(kind))
        .map((at) => ({ at, message: 'The statement is about roles.' })),
  },
  {
    id: 'owner-changed',
    title: `Every object belongs to ${MIGRATOR}.`,
    severity: 'error',
    why: 'Another owner can drop it and change its policies, and the next migration cannot.',
    mend: 'Remove the statement: what a migration makes belongs to the role that runs it.',
    check: ({ script }) => [
      ...nodes(script, 'AlterOwnerStmt').map(({ at }) => ({ at, message: 'The object gets another owner.' })),
      ...commands(script)
        .filter(({ command }) => command.subtype === 'AT_ChangeOwner')
        .map(({ at, table }) => ({ at, message: `${table} gets another owner.` })),
    ],
  },
];

/** Tables in public that a file makes, without temporary ones. */
function madeTables(
  script: Parameters<typeof nodes>[0],
): { at: (typeof script.statements)[number]; table: string }[] {
  return script.statements.flatMap((at) => {
    const isView = as(at.node, 'CreateTableAsStmt')?.objtype === 'OBJECT_MATVIEW';
    const relation = as(at.node, 'CreateStmt')?.relation ?? (isView ? undefined : copyOf(at.node));
    const table = tableOf(relation);
    return relation && relation.relpersistence !== 't' && table.startsWith('public.') ? [{ at, table }] : [];
  });
}

/** Names of roles; PUBLIC is empty. */
function grantees(nodes: readonly Node[] | undefined): string[] {
  return all(nodes, 'RoleSpec').map(({ rolename }) => rolename ?? '');
}

function rolesOf({ roles }: CreatePolicyStmt): string[] {
  return grantees(roles);
}

function isTrue(node: Node | undefined): boolean {
  return as(node, 'A_Const')?.boolval?.boolval === true;
}

function isInvoker({ defname, arg }: { defname?: string; arg?: Node }): boolean {
  const value = words(arg ? [arg] : [])[0] ?? 'true';
  return defname === 'security_invoker' && ['true', 'on', '1'].includes(value);
}

function hasStar(query: Node | undefined): boolean {
  const select = as(query, 'SelectStmt');
  if (!select) return false;
  const sides = [select.larg, select.rarg].flatMap((side) => (side ? [{ SelectStmt: side }] : []));
  return (
    sides.some(hasStar) ||
    all(select.targetList, 'ResTarget').some(({ val }) =>
      (as(val, 'ColumnRef')?.fields ?? []).some((field) => 'A_Star' in field),
    )
  );
}

/** `schema.function` of each function that a REVOKE ... FROM PUBLIC names. */
export function revokedFromPublic(script: Parameters<typeof nodes>[0]): string[] {
  return nodes(script, 'GrantStmt')
    .filter(({ node }) => !node.is_grant && grantees(node.grantees).includes(''))
    .flatMap(({ node }) =>
      all(node.objects, 'ObjectWithArgs').map(({ objname }) => qualified(words(objname))),
    );
}

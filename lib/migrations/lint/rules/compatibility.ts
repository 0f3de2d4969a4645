import type { Hit, Rule, Subject } from '../rule';
import { constraintOf } from '../sql/changes';
import { tableOf } from '../sql/names';
import { as } from '../sql/nodes';
import { columnsOnOld, commandsOnOld, constraintsOnOld, nodes } from './find';
import { created, dropped, same } from './objects';

const inExpand =
  (check: Rule['check']): Rule['check'] =>
  (subject: Subject) =>
    subject.script.header.phase === 'expand' ? check(subject) : [];

const up = { directions: ['up'] } as const;

/** Changes that break the release that still serves while the file is applied; legitimate in a contract migration. */
const EXPAND_RULES: readonly Rule[] = [
  {
    id: 'destructive-in-expand',
    title: 'Only contract migrations lose data.',
    severity: 'error',
    why: 'An expand migration runs while the older release reads and writes; code can be rolled back behind it only as long as nothing it needs is gone.',
    mend: 'Move the statement to a contract migration, which waits until no release uses what it takes away.',
    measured: 'after a dropped column 100 % of the requests that name it failed (401 of 401, 42703).',
    ...up,
    check: inExpand(({ script }) =>
      script.header.backfill
        ? []
        : script.statements
            .filter(({ destructive }) => destructive)
            .map((at) => ({ at, message: 'The statement loses data in the expand phase.' })),
    ),
  },
  {
    id: 'drop-object-in-expand',
    title: 'Only contract migrations drop what an older release may use.',
    severity: 'error',
    why: 'The older release still calls the function, reads the view, relies on the trigger or is let in by the policy.',
    mend: 'Move it to a contract migration, or make its replacement under the same name in the same transaction.',
    ...up,
    check: inExpand(({ script }: Subject): readonly Hit[] => {
      const made = created(script);
      return dropped(script)
        .filter(({ kind }) => !['table', 'column', 'index', 'constraint'].includes(kind))
        .filter((gone) => !made.some((each) => same(each, gone)))
        .map(({ at, kind, name }) => ({
          at,
          message: `The ${kind} ${name} is dropped in the expand phase.`,
        }));
    }),
  },
  {
    id: 'not-null-in-expand',
    title: 'Only contract migrations forbid NULLs that an older release may write.',
    severity: 'warning',
    why: 'The older release does not know that it has to fill the column: its writes fail from that moment.',
    mend: 'Let a trigger or a default fill it and prove that by a validated CHECK first, or move it to a contract migration.',
    ...up,
    check: inExpand(({ script }) =>
      commandsOnOld(script)
        .filter(({ command }) => command.subtype === 'AT_SetNotNull')
        .filter(({ at, table, command }) => {
          const checks = [...(at.before.get(table)?.checks.values() ?? [])];
          return !checks.some(({ notNull }) => notNull.includes(command.name ?? ''));
        })
        .map(({ at, table, command }) => ({
          at,
          message: `An older release may write NULL to ${table}.${command.name ?? ''}.`,
        })),
    ),
  },
  {
    id: 'drop-default-in-expand',
    title: 'Only contract migrations take a default away.',
    severity: 'error',
    why: 'The older release leaves the column out and counts on the default.',
    mend: 'Move it to a contract migration.',
    ...up,
    check: inExpand(({ script }) =>
      commandsOnOld(script)
        .filter(({ command }) => command.subtype === 'AT_ColumnDefault' && !command.def)
        .map(({ at, table, command }) => ({
          at,
          message: `${table}.${command.name ?? ''} loses its default.`,
        })),
    ),
  },
  {
    id: 'drop-not-null-in-expand',
    title: 'Only contract migrations allow NULLs that an older release does not expect.',
    severity: 'warning',
    why: 'The newer release may write a NULL that the older one, still serving or served again after a rollback, cannot read.',
    mend: 'Move it to a contract migration, or say in a lint-ignore that every release reads NULL.',
    ...up,
    check: inExpand(({ script }) =>
      commandsOnOld(script)
        .filter(({ command }) => command.subtype === 'AT_DropNotNull')
        .map(({ at, table, command }) => ({
          at,
          message: `${table}.${command.name ?? ''} may become NULL.`,
        })),
    ),
  },
  {
    id: 'revoke-in-expand',
    title: 'Only contract migrations take rights from the application.',
    severity: 'error',
    why: 'The older release still uses the right: its statements fail with 42501.',
    mend: 'Move it to a contract migration.',
    ...up,
    check: inExpand(({ script }) =>
      nodes(script, 'GrantStmt')
        .filter(({ node }) => !node.is_grant)
        .filter(({ node }) =>
          (node.grantees ?? []).some((each) => as(each, 'RoleSpec')?.rolename === 'telehealth_api'),
        )
        .map(({ at }) => ({ at, message: 'telehealth_api loses a right in the expand phase.' })),
    ),
  },
];

const renamed = (at: Hit['at'], what: string): Hit[] =>
  at ? [{ at, message: `${what} gets another name.` }] : [];

/** Whether the release that still serves keeps working. */
export const COMPATIBILITY_RULES: readonly Rule[] = [
  ...EXPAND_RULES,
  {
    id: 'rename-column',
    title: 'No column is renamed.',
    severity: 'error',
    why: 'There is no moment at which both releases know the name: until the shift is over one of them fails.',
    mend: 'Add the new column, keep both by a trigger, fill it by a backfill, move the readers, drop the old one in a contract migration.',
    measured:
      '100 % of the requests that name the column failed (401 of 401, 42703); none by expand and contract.',
    ...up,
    check: ({ script }) =>
      nodes(script, 'RenameStmt')
        .filter(({ node }) => node.renameType === 'OBJECT_COLUMN' && !script.made.has(tableOf(node.relation)))
        .flatMap(({ at, node }) => renamed(at, `${tableOf(node.relation)}.${node.subname ?? ''}`)),
  },
  {
    id: 'rename-object',
    title: 'No table, view, type, function or schema is renamed or moved.',
    severity: 'error',
    why: 'There is no moment at which both releases know the name: until the shift is over one of them fails.',
    mend: 'Make the new one beside it, keep both, and drop the old one in a contract migration.',
    ...up,
    check: ({ script }) => [
      ...nodes(script, 'RenameStmt')
        .filter(({ node }) => /TABLE|VIEW|TYPE|FUNCTION|SCHEMA|DOMAIN|SEQUENCE/.test(node.renameType ?? ''))
        .filter(({ node }) => !script.made.has(tableOf(node.relation)))
        .flatMap(({ at, node }) => renamed(at, node.relation ? tableOf(node.relation) : 'An object')),
      ...nodes(script, 'AlterObjectSchemaStmt').flatMap(({ at }) => renamed(at, 'An object')),
    ],
  },
  {
    id: 'rename-enum-value',
    title: 'No value of an enum is renamed.',
    severity: 'error',
    why: 'The older release writes and compares the old word, which the type does not know any more (22P02).',
    mend: 'Add the new value, let both releases read it, rewrite the rows by a backfill.',
    ...up,
    check: ({ script }) =>
      nodes(script, 'AlterEnumStmt')
        .filter(({ node }) => node.oldVal !== undefined)
        .flatMap(({ at, node }) => renamed(at, `The value ${node.oldVal ?? ''}`)),
  },
  {
    id: 'add-required-column',
    title: 'A column of a table that is in use is not added NOT NULL without a default.',
    severity: 'error',
    why: 'It fails on the first row that is there (23502); on an empty table it breaks every insert of the older release.',
    mend: 'Give it a constant default, or add it nullable, fill it by a backfill and set NOT NULL once a CHECK is validated.',
    check: ({ script }) =>
      columnsOnOld(script)
        .filter(({ column }) => ['CONSTR_NOTNULL', 'CONSTR_PRIMARY'].some((kind) => has(column, kind)))
        .filter(
          ({ column }) =>
            !['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'].some((kind) => has(column, kind)),
        )
        .map(({ at, table, column }) => ({
          at,
          message: `${table}.${column.colname ?? ''} is required and has no default.`,
        })),
  },
  {
    id: 'constraint-in-expand',
    title: 'A new constraint on a table that is in use is kept by the older release too.',
    severity: 'info',
    why: 'NOT VALID spares the older rows, not the older release: what it writes must keep the constraint from that moment.',
    mend: 'Be sure that every release that serves keeps it, or move it to a contract migration.',
    ...up,
    check: inExpand(({ script }) =>
      constraintsOnOld(script)
        .filter(({ column, constraint }) => !column && /CHECK|FOREIGN|UNIQUE/.test(constraint.contype ?? ''))
        .map(({ at, table, constraint }) => ({
          at,
          message: `What the older release writes to ${table} must keep ${constraint.conname ?? 'the constraint'}.`,
        })),
    ),
  },
  {
    id: 'contract-without-need',
    title: 'A contract migration takes something away.',
    severity: 'info',
    why: 'Contract migrations wait for the older release to be gone; what only adds can run before the shift.',
    mend: 'Say phase=expand, or put the additions into a pair of their own.',
    ...up,
    check: (subject: Subject): readonly Hit[] => {
      const { script } = subject;
      if (script.header.phase !== 'contract' || script.statements.length === 0) return [];
      const asExpand = {
        ...subject,
        script: { ...script, header: { ...script.header, phase: 'expand' as const } },
      };
      const takesAway =
        EXPAND_RULES.some((rule) => rule.check(asExpand).length > 0) ||
        commandsOnOld(script).some(({ command }) =>
          /NotNull|AlterColumnType|Drop|Detach|AddConstraint/.test(command.subtype ?? ''),
        );
      return takesAway ? [] : [{ message: 'Every statement could run in the expand phase.' }];
    },
  },
];

function has(column: Parameters<typeof constraintOf>[0], kind: string): boolean {
  return constraintOf(column, kind as Parameters<typeof constraintOf>[1]) !== undefined;
}

import type { Hit, Rule, Script, Subject } from '../rule';
import { typeOf } from '../sql/names';
import { as } from '../sql/nodes';
import { commands, nodes } from './find';
import { created, dropped, same } from './objects';
import { rewritesType } from './types';

/** What a down undoes, and at which cost. */
export const UNDO_RULES: readonly Rule[] = [
  {
    id: 'down-does-not-undo',
    title: 'The down drops what the up made.',
    severity: 'error',
    why: 'A down that leaves something behind makes the next up fail, and the catalogue differs from that of the version it claims.',
    mend: 'Drop it in the down file, in the reverse order of the up file.',
    directions: ['down'],
    check: ({ script, partner }: Subject): readonly Hit[] => {
      if (!partner || partner.header.reversible === 'no') return [];
      const gone = dropped(script);
      const schemas = gone.filter(({ kind }) => kind === 'schema').map(({ name }) => name);
      const goneLater = dropped(partner);
      return created(partner)
        .filter((each) => !goneLater.some((other) => same(each, other)))
        .filter(({ name }) => !(cascades(script) && schemas.includes(name.split('.')[0] ?? '')))
        .filter((each) => !gone.some((other) => same(each, other) || carries(other, each.table)))
        .map(({ kind, name }) => ({ message: `The ${kind} ${name} that ${partner.file} makes stays.` }));
    },
  },
  {
    id: 'lossless-down-loses-data',
    title: 'A migration says lossless only when its down loses nothing that anybody wrote.',
    severity: 'error',
    why: 'Lossless migrations are undone without a person asking: a dropped column or table takes along what the newer release wrote to it.',
    mend: 'Say reversible=lossy in the up file; where the values can be computed anew from others, say so in a lint-ignore.',
    directions: ['down'],
    check: ({ script }) =>
      script.header.reversible === 'lossless'
        ? losing(script).map((at) => ({ at, message: 'The statement loses what was written since.' }))
        : [],
  },
  {
    id: 'lossless-up-loses-data',
    title: 'A migration that loses data does not say lossless.',
    severity: 'error',
    why: 'Its down can make the column or table again, but not what was in it.',
    mend: 'Say reversible=lossy, or reversible=no without a down.',
    directions: ['up'],
    check: ({ script }) =>
      script.header.reversible === 'lossless' && !script.header.backfill
        ? script.statements
            .filter(({ destructive }) => destructive)
            .map((at) => ({ at, message: 'No down brings back what this statement loses.' }))
        : [],
  },
  {
    id: 'lossy-down-loses-nothing',
    title: 'A migration whose down loses nothing says lossless.',
    severity: 'info',
    why: 'After a failed run only lossless migrations are undone by themselves.',
    mend: 'Say reversible=lossless, if the down really loses nothing.',
    directions: ['down'],
    check: ({ script, partner }: Subject): readonly Hit[] => {
      const lost = [script, ...(partner ? [partner] : [])].some((each) => losing(each).length > 0);
      if (script.header.reversible !== 'lossy' || !partner || lost || script.statements.length === 0)
        return [];
      return [{ message: 'No statement of the pair loses data.' }];
    },
  },
  {
    id: 'drop-cascade',
    title: 'Nothing is dropped with CASCADE.',
    severity: 'error',
    why: 'It drops views, foreign keys and policies that the file does not name and the reviewer does not see.',
    mend: 'Drop each object by its name, the dependent ones first.',
    check: ({ script }) => [
      ...nodes(script, 'DropStmt')
        .filter(({ node }) => node.behavior === 'DROP_CASCADE')
        .map(({ at }) => ({ at, message: 'CASCADE drops whatever depends on it.' })),
      ...commands(script)
        .filter(({ command }) => command.behavior === 'DROP_CASCADE')
        .map(({ at }) => ({ at, message: 'CASCADE drops whatever depends on it.' })),
    ],
  },
  {
    id: 'drop-database',
    title: 'No migration makes or drops databases.',
    severity: 'error',
    why: 'A migration lives in one database; others, and what the whole server shares, belong to its preparation.',
    mend: 'Remove the statement.',
    check: ({ script }) =>
      script.statements
        .filter(({ kind }) =>
          ['DropdbStmt', 'CreatedbStmt', 'AlterDatabaseSetStmt', 'AlterSystemStmt'].includes(kind),
        )
        .map((at) => ({ at, message: 'The statement is about more than this database.' })),
  },
];

/** Statements whose effect on data no later statement takes back. */
function losing(script: Script): readonly Script['statements'][number][] {
  return script.statements.filter((at) => {
    if (dropped({ ...script, statements: [at] }).some(({ kind }) => ['table', 'column'].includes(kind)))
      return true;
    if (['UpdateStmt', 'DeleteStmt', 'TruncateStmt', 'MergeStmt'].includes(at.kind)) return true;
    return commands({ ...script, statements: [at] }).some(({ table, command }) => {
      const from = at.before.get(table)?.columns.get(command.name ?? '');
      const to = typeOf(as(command.def, 'ColumnDef')?.typeName);
      return command.subtype === 'AT_AlterColumnType' && (from === undefined || rewritesType(from, to));
    });
  });
}

/** Whether dropping something takes what belongs to a table along: the table itself, or a column of it. */
function carries(gone: { kind: string; name: string; table?: string }, table: string | undefined): boolean {
  if (table === undefined) return false;
  return (gone.kind === 'table' && gone.name === table) || (gone.kind === 'column' && gone.table === table);
}

function cascades(script: Script): boolean {
  return nodes(script, 'DropStmt').some(({ node }) => node.behavior === 'DROP_CASCADE');
}

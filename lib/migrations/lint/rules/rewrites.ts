import type { Node } from '@pgsql/types';
import type { Rule } from '../rule';
import { constraintOf } from '../sql/changes';
import { typeOf } from '../sql/names';
import { as, within, words } from '../sql/nodes';
import { columnsOnOld, commandsOnOld } from './find';
import { IMMUTABLE, STABLE } from './functions';
import { rewritesType } from './types';

const REWRITING: ReadonlySet<string> = new Set([
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetTableSpace',
  'AT_SetAccessMethod',
  'AT_SetExpression',
  'AT_AddIdentity',
]);

/** Changes that write the whole table anew. */
export const REWRITE_RULES: readonly Rule[] = [
  {
    id: 'volatile-default',
    title: 'A column of a table that is in use is not added with a default that differs from row to row.',
    severity: 'error',
    why: 'A constant default is kept once in the catalogue; a volatile one is computed for each row, which writes the table anew under ACCESS EXCLUSIVE.',
    mend: 'Add the column without the default, SET DEFAULT in a statement of its own, and fill the older rows by a backfill.',
    measured:
      'on 3 million rows every request took over 100 ms, the worst 545 to 561 times the baseline; 0.6 to 3.5 times in steps.',
    check: ({ script, severityFor }) =>
      columnsOnOld(script).flatMap(({ at, table, column }) => {
        const unsure = volatileIn(constraintOf(column, 'CONSTR_DEFAULT')?.raw_expr);
        if (unsure.length === 0) return [];
        const name = `${table}.${column.colname ?? ''}`;
        return [
          { at, message: `The default of ${name} calls ${unsure.join(', ')}.`, severity: severityFor(table) },
        ];
      }),
  },
  {
    id: 'auto-number-column',
    title: 'No self-numbering column is added to a table that is in use.',
    severity: 'error',
    why: 'serial and GENERATED AS IDENTITY number every row that is there, which writes the table anew under ACCESS EXCLUSIVE.',
    mend: 'Add a plain column, number the older rows by a backfill, then attach the sequence as its default.',
    check: ({ script, severityFor }) =>
      columnsOnOld(script)
        .filter(({ column }) => isSerial(typeOf(column.typeName)) || constraintOf(column, 'CONSTR_IDENTITY'))
        .map(({ at, table, column }) => ({
          at,
          message: `${table}.${column.colname ?? ''} numbers every row.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'stored-generated-column',
    title: 'No stored generated column is added to a table that is in use.',
    severity: 'error',
    why: 'It is computed for every row, which writes the table anew under ACCESS EXCLUSIVE.',
    mend: 'Add a plain column, keep it by a trigger, and fill the older rows by a backfill.',
    check: ({ script, severityFor }) =>
      columnsOnOld(script)
        .filter(({ column }) => constraintOf(column, 'CONSTR_GENERATED'))
        .map(({ at, table, column }) => ({
          at,
          message: `${table}.${column.colname ?? ''} is computed for every row.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'type-change-rewrites',
    title: 'The type of a column changes only in ways that leave the rows alone.',
    severity: 'error',
    why: 'Most changes write the table and its indexes anew under ACCESS EXCLUSIVE; a narrower varchar reads it whole. Only a wider or unlimited varchar, numeric of the same scale, or timestamp does not.',
    mend: 'Add a column of the new type, keep both by a trigger, fill it by a backfill, move the readers, and drop the old one in a contract migration.',
    measured:
      'int to bigint on 3 million rows: worst request 170 to 258 times the baseline; 0.7 to 1.1 times by a new column. varchar(50) to (45): 233 to 288 times.',
    check: ({ script, severityFor }) =>
      commandsOnOld(script).flatMap(({ at, table, command }) => {
        const column = as(command.def, 'ColumnDef');
        if (command.subtype !== 'AT_AlterColumnType' || !column) return [];
        const from = at.before.get(table)?.columns.get(command.name ?? '');
        const to = typeOf(column.typeName);
        if (from !== undefined && !column.raw_default && !rewritesType(from, to)) return [];
        return [
          {
            at,
            message: `${table}.${command.name ?? ''} becomes ${to} from ${from ?? 'a type that no earlier file tells'}.`,
            severity: severityFor(table),
          },
        ];
      }),
  },
  {
    id: 'storage-rewrite',
    title: 'How a table that is in use is stored does not change.',
    severity: 'error',
    why: 'SET LOGGED, TABLESPACE, ACCESS METHOD, EXPRESSION and ADD GENERATED AS IDENTITY write or read the table whole under ACCESS EXCLUSIVE.',
    mend: 'Make a new table and move the rows in batches.',
    check: ({ script, severityFor }) =>
      commandsOnOld(script)
        .filter(({ command }) => REWRITING.has(command.subtype ?? ''))
        .map(({ at, table }) => ({ at, message: `${table} is written anew.`, severity: severityFor(table) })),
  },
];

/** Whether a type is one of the self-numbering ones. */
export function isSerial(type: string): boolean {
  return /^(small|big)?serial[248]?$/.test(type);
}

function volatileIn(expression: Node | undefined): string[] {
  return within([expression], 'FuncCall')
    .map(({ funcname }) => words(funcname).at(-1) ?? '')
    .filter((name) => !STABLE.has(name) && !IMMUTABLE.has(name));
}

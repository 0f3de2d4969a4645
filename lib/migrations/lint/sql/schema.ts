import type { Constraint, Node, RangeVar } from '@pgsql/types';
import { addedColumns, addedConstraints, commandsOf } from './changes';
import { tableOf, typeOf } from './names';
import { as, words } from './nodes';
import type { ParsedStatement } from '../../files/split';

/** What earlier files say of a table. */
export interface Table {
  /** Type of each column, such as `varchar(50)`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Its CHECK constraints, by name. */
  readonly checks: ReadonlyMap<string, Check>;
}

/** A CHECK constraint. */
export interface Check {
  /** Columns that it keeps from being NULL. */
  readonly notNull: readonly string[];
  /** Whether the rows that were there before are known to keep it. */
  readonly validated: boolean;
}

/** The tables that earlier statements made, by `schema.table`. A table that is not here may still exist. */
export type Schema = ReadonlyMap<string, Table>;

const NOTHING: Table = { columns: new Map(), checks: new Map() };

/** The schema after one more statement. */
export function after(schema: Schema, statement: ParsedStatement): Schema {
  const changed = new Map<string, Table>();
  const tableNow = (name: string): Table => changed.get(name) ?? schema.get(name) ?? NOTHING;
  const change = (name: string, part: Partial<Table>): void =>
    void changed.set(name, { ...tableNow(name), ...part });

  for (const { table, column } of addedColumns(statement))
    change(table, {
      columns: new Map(tableNow(table).columns).set(column.colname ?? '', typeOf(column.typeName)),
    });
  for (const { table, constraint } of addedConstraints(statement)) {
    if (constraint.contype !== 'CONSTR_CHECK') continue;
    const checks = new Map(tableNow(table).checks);
    change(table, { checks: checks.set(constraint.conname ?? `#${checks.size}`, checkOf(constraint)) });
  }
  for (const { table, command } of commandsOf(statement)) {
    const name = command.name ?? '';
    const { columns, checks } = tableNow(table);
    if (command.subtype === 'AT_AlterColumnType')
      change(table, { columns: new Map(columns).set(name, typeOf(as(command.def, 'ColumnDef')?.typeName)) });
    if (command.subtype === 'AT_DropColumn') change(table, { columns: without(columns, name) });
    if (command.subtype === 'AT_DropConstraint') change(table, { checks: without(checks, name) });
    const check = checks.get(name);
    if (command.subtype === 'AT_ValidateConstraint' && check)
      change(table, { checks: new Map(checks).set(name, { ...check, validated: true }) });
  }
  const rename = as(statement.node, 'RenameStmt');
  if (rename?.renameType === 'OBJECT_COLUMN') {
    const table = tableOf(rename.relation);
    const { columns } = tableNow(table);
    const type = columns.get(rename.subname ?? '');
    if (type)
      change(table, { columns: without(columns, rename.subname ?? '').set(rename.newname ?? '', type) });
  }
  return changed.size > 0 ? new Map([...schema, ...changed]) : schema;
}

function without<T>(map: ReadonlyMap<string, T>, key: string): Map<string, T> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

function checkOf(constraint: Constraint): Check {
  return { validated: constraint.skip_validation !== true, notNull: notNullIn(constraint.raw_expr) };
}

/** Columns that an expression keeps from being NULL: PostgreSQL looks into ANDs too when it decides on a scan. */
function notNullIn(expression: Node | undefined): string[] {
  const both = as(expression, 'BoolExpr');
  if (both?.boolop === 'AND_EXPR') return (both.args ?? []).flatMap(notNullIn);
  const test = as(expression, 'NullTest');
  if (test?.nulltesttype !== 'IS_NOT_NULL') return [];
  return words(as(test.arg, 'ColumnRef')?.fields).slice(-1);
}

/** Tables that these statements create, by `schema.table`; temporary ones too. */
export function tablesMadeBy(statements: readonly ParsedStatement[]): ReadonlySet<string> {
  return new Set(
    statements.flatMap(({ node }) => {
      const table = as(node, 'CreateStmt')?.relation ?? copyOf(node);
      return table ? [tableOf(table)] : [];
    }),
  );
}

/** The table or materialized view that a statement fills with what a query answers: CREATE ... AS and SELECT INTO. */
export function copyOf(node: Node): RangeVar | undefined {
  return as(node, 'CreateTableAsStmt')?.into?.rel ?? as(node, 'SelectStmt')?.intoClause?.rel;
}

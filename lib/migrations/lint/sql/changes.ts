import type { AlterTableCmd, ColumnDef, Constraint } from '@pgsql/types';
import { tableOf } from './names';
import { all, as } from './nodes';
import type { ParsedStatement } from '../../files/split';

/** One subcommand of `ALTER TABLE`. */
export interface Command {
  /** `schema.table`. */
  readonly table: string;
  /** The subcommand. */
  readonly command: AlterTableCmd;
}

/** A column that a statement makes, with its table or in one that is there. */
export interface AddedColumn {
  /** `schema.table`. */
  readonly table: string;
  /** The column. */
  readonly column: ColumnDef;
  /** Whether the table is made by the same statement. */
  readonly withTable: boolean;
}

/** A constraint that a statement makes, written at a column or at the table. */
export interface AddedConstraint {
  /** `schema.table`. */
  readonly table: string;
  /** The constraint. */
  readonly constraint: Constraint;
  /** The column it is written at. */
  readonly column?: ColumnDef;
  /** Columns it concerns, as far as it lists them. */
  readonly columns: readonly string[];
  /** Whether the table is made by the same statement. */
  readonly withTable: boolean;
}

/** Subcommands of a statement that alters a table; none for other statements, and for views and indexes. */
export function commandsOf({ node }: ParsedStatement): Command[] {
  const alter = as(node, 'AlterTableStmt');
  if (alter?.objtype !== 'OBJECT_TABLE') return [];
  const table = tableOf(alter.relation);
  return all(alter.cmds, 'AlterTableCmd').map((command) => ({ table, command }));
}

/** Columns that a statement makes. */
export function addedColumns(statement: ParsedStatement): AddedColumn[] {
  const create = as(statement.node, 'CreateStmt');
  if (create) {
    const table = tableOf(create.relation);
    return all(create.tableElts, 'ColumnDef').map((column) => ({ table, column, withTable: true }));
  }
  return commandsOf(statement).flatMap(({ table, command }) => {
    const column = command.subtype === 'AT_AddColumn' ? as(command.def, 'ColumnDef') : undefined;
    return column ? [{ table, column, withTable: false }] : [];
  });
}

/** Constraints that a statement makes; defaults and generated values are not among them. */
export function addedConstraints(statement: ParsedStatement): AddedConstraint[] {
  const atColumns = addedColumns(statement).flatMap(({ table, column, withTable }) =>
    all(column.constraints, 'Constraint').map((constraint) => ({
      ...{ table, constraint, column, withTable },
      columns: [column.colname ?? ''],
    })),
  );
  const create = as(statement.node, 'CreateStmt');
  const atTable = create
    ? all(create.tableElts, 'Constraint').map((constraint) => ({
        ...{ table: tableOf(create.relation), constraint, withTable: true },
        columns: columnsOf(constraint),
      }))
    : commandsOf(statement).flatMap(({ table, command }) => {
        const constraint = command.subtype === 'AT_AddConstraint' ? as(command.def, 'Constraint') : undefined;
        return constraint ? [{ table, constraint, withTable: false, columns: columnsOf(constraint) }] : [];
      });
  return [...atColumns, ...atTable];
}

/** The constraint of a kind written at a column. */
export function constraintOf(
  column: ColumnDef,
  kind: NonNullable<Constraint['contype']>,
): Constraint | undefined {
  return all(column.constraints, 'Constraint').find(({ contype }) => contype === kind);
}

function columnsOf({ fk_attrs, keys }: Constraint): string[] {
  return all(fk_attrs ?? keys, 'String').map(({ sval }) => sval ?? '');
}

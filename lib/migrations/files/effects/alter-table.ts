import type { AlterTableCmd, AlterTableStmt, AlterTableType, ColumnDef, Constraint } from '@pgsql/types';
import { nameOf, qualified, walk } from './ast';
import type { Effects, Known, Mode } from './effects';

/**
 * Subcommands that take less than ACCESS EXCLUSIVE.
 * Source: PostgreSQL 17 manual, ALTER TABLE, and AlterTableGetLockLevel in its src/backend/commands/tablecmds.c.
 */
const WEAKER: Partial<Record<AlterTableType, Mode>> = {
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_DetachPartitionFinalize: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableReplicaTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
};

/** Subcommands that write the table anew whatever they are given. A changed type may not: that is for the catalogue to tell. */
const REWRITING: ReadonlySet<AlterTableType> = new Set<AlterTableType>([
  'AT_AlterColumnType',
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetTableSpace',
  'AT_SetAccessMethod',
  'AT_SetExpression',
]);

/** Storage parameters that need ACCESS EXCLUSIVE; the others take SHARE UPDATE EXCLUSIVE. Source: reloptions.c. */
const STRONG_PARAMETERS: ReadonlySet<string> = new Set([
  'user_catalog_table',
  'security_barrier',
  'check_option',
]);

/** Functions that are not volatile, so that a default of them is computed once and no row is written. Source: pg_proc. */
const STABLE: ReadonlySet<string> = new Set(
  'now transaction_timestamp statement_timestamp current_setting lower upper md5 concat to_timestamp to_char to_date date_trunc jsonb_build_object jsonb_build_array json_build_object json_build_array make_interval make_date make_timestamptz timezone coalesce abs round floor ceil length'.split(
    ' ',
  ),
);

/** What ALTER TABLE does to its table and to those it refers to. */
export function alterTable(statement: AlterTableStmt, effects: Effects, known: Known): void {
  const table = nameOf(statement.relation);
  if (statement.objtype === 'OBJECT_INDEX') {
    const parent = known.indexes.get(qualified(table));
    if (parent !== undefined) effects.lock(parent, 'ACCESS SHARE');
    return;
  }
  if (statement.objtype === 'OBJECT_SEQUENCE' || statement.objtype === 'OBJECT_TYPE') return;
  for (const node of statement.cmds ?? []) {
    if ('AlterTableCmd' in node) subcommand(table, node.AlterTableCmd, effects, known);
  }
}

function subcommand(table: string, command: AlterTableCmd, effects: Effects, known: Known): void {
  const { subtype, name = '', def } = command;
  if (subtype === undefined) return;
  const weaker = WEAKER[subtype];
  if (subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def)
    addColumn(table, def.ColumnDef, effects);
  else if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def)
    addConstraint(table, def.Constraint, effects, known);
  else if (subtype === 'AT_SetNotNull')
    effects.lock(table, 'ACCESS EXCLUSIVE', { scans: !known.notNull.has(`${qualified(table)}.${name}`) });
  else if (subtype === 'AT_SetRelOptions' || subtype === 'AT_ResetRelOptions')
    effects.lock(table, parametersLock(def));
  else if (def !== undefined && 'PartitionCmd' in def) partition(table, subtype, def.PartitionCmd, effects);
  else
    effects.lock(table, weaker ?? 'ACCESS EXCLUSIVE', {
      rewrites: REWRITING.has(subtype),
      scans: subtype === 'AT_ValidateConstraint',
    });
  if (subtype === 'AT_DropColumn') effects.lose(table);
}

function parametersLock(def: AlterTableCmd['def']): Mode {
  const items = def !== undefined && 'List' in def ? (def.List.items ?? []) : [];
  const strong = items.some((item) => 'DefElem' in item && STRONG_PARAMETERS.has(item.DefElem.defname ?? ''));
  return strong ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
}

function partition(
  table: string,
  subtype: AlterTableType,
  command: { readonly name?: Parameters<typeof nameOf>[0]; readonly concurrent?: boolean },
  effects: Effects,
): void {
  const part = nameOf(command.name);
  if (subtype === 'AT_AttachPartition') {
    effects.lock(table, 'SHARE UPDATE EXCLUSIVE');
    effects.lock(part, 'ACCESS EXCLUSIVE', { scans: true });
  } else {
    const mode =
      subtype === 'AT_DetachPartition' && command.concurrent !== true
        ? 'ACCESS EXCLUSIVE'
        : 'SHARE UPDATE EXCLUSIVE';
    effects.lock(table, mode);
    effects.lock(part, 'ACCESS EXCLUSIVE');
  }
}

function addColumn(table: string, column: ColumnDef, effects: Effects): void {
  const constraints = constraintsOf(column);
  const type =
    (column.typeName?.names ?? []).map((part) => ('String' in part ? part.String.sval : '')).at(-1) ?? '';
  const value = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  const has = (contype: Constraint['contype']): boolean =>
    constraints.some((each) => each.contype === contype);
  effects.lock(table, 'ACCESS EXCLUSIVE', {
    rewrites:
      /^(small|big)?serial\d?$/.test(type) ||
      has('CONSTR_IDENTITY') ||
      has('CONSTR_GENERATED') ||
      (value !== undefined && isVolatile(value.raw_expr)),
    scans:
      has('CONSTR_UNIQUE') ||
      has('CONSTR_PRIMARY') ||
      has('CONSTR_CHECK') ||
      (has('CONSTR_FOREIGN') && value !== undefined) ||
      (has('CONSTR_NOTNULL') && value === undefined),
  });
  for (const { contype, pktable } of constraints)
    if (contype === 'CONSTR_FOREIGN') effects.lock(nameOf(pktable), 'SHARE ROW EXCLUSIVE');
}

/** The constraints written behind a column. */
export function constraintsOf(column: ColumnDef): readonly Constraint[] {
  return (column.constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

/** Whether a default has to be computed for each row. A function that is not known counts as one that has. */
function isVolatile(expression: unknown): boolean {
  let found = false;
  walk([expression], (kind, node) => {
    if (kind !== 'FuncCall' || !('funcname' in node) || !Array.isArray(node.funcname)) return;
    const last = node.funcname.at(-1) as { readonly String?: { readonly sval?: string } } | undefined;
    if (!STABLE.has(last?.String?.sval ?? '')) found = true;
  });
  return found;
}

function addConstraint(table: string, constraint: Constraint, effects: Effects, known: Known): void {
  const scans = constraint.skip_validation !== true && constraint.indexname === undefined;
  if (constraint.contype === 'CONSTR_FOREIGN') {
    effects.lock(table, 'SHARE ROW EXCLUSIVE', { scans });
    effects.lock(nameOf(constraint.pktable), 'SHARE ROW EXCLUSIVE', { scans });
    return;
  }
  effects.lock(table, 'ACCESS EXCLUSIVE', { scans });
  if (constraint.contype === 'CONSTR_CHECK') {
    for (const column of checkedNotNull(constraint.raw_expr))
      known.notNull.add(`${qualified(table)}.${column}`);
  }
  if (constraint.conname !== undefined && constraint.contype !== 'CONSTR_CHECK')
    known.indexes.set(qualified(constraint.conname), table);
}

/** The columns that a check holds to be not null: once it is proved, SET NOT NULL need not read the table. */
function checkedNotNull(expression: Constraint['raw_expr']): readonly string[] {
  if (expression === undefined) return [];
  if ('BoolExpr' in expression)
    return expression.BoolExpr.boolop === 'AND_EXPR'
      ? (expression.BoolExpr.args ?? []).flatMap(checkedNotNull)
      : [];
  if (!('NullTest' in expression)) return [];
  const { nulltesttype, arg } = expression.NullTest;
  if (nulltesttype !== 'IS_NOT_NULL' || arg === undefined || !('ColumnRef' in arg)) return [];
  const field = arg.ColumnRef.fields?.[0];
  return field !== undefined && 'String' in field && field.String.sval !== undefined
    ? [field.String.sval]
    : [];
}

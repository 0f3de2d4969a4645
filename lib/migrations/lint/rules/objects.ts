import type { Script } from '../rule';
import { constraintsOnOld, columnsOnOld, commands, nodes } from './find';
import { objectOf, qualified, tableOf } from '../sql/names';
import { as, words } from '../sql/nodes';
import type { LintStatement } from '../rule';

/** Something that a statement makes or drops, such as `trigger public.visits.touch`. */
export interface DbObject {
  /** Statement that does it. */
  readonly at: LintStatement;
  /** What it is, such as `table`, `column`, `policy`. */
  readonly kind: string;
  /** Its name, with its schema, and its table when it belongs to one. */
  readonly name: string;
  /** The table it belongs to, with whose drop it goes. */
  readonly table?: string;
}

const DROPPED: Readonly<Record<string, string>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
};

/** What a file makes that a down has to undo; what replaces something older is not among it. */
export function created(script: Script): DbObject[] {
  const whole = script.statements.flatMap((at): DbObject[] => {
    const { node } = at;
    if ('CreateStmt' in node) return [{ at, kind: 'table', name: tableOf(node.CreateStmt.relation) }];
    if ('ViewStmt' in node && !node.ViewStmt.replace)
      return [{ at, kind: 'view', name: tableOf(node.ViewStmt.view) }];
    if ('CreateTableAsStmt' in node) {
      const { objtype, into } = node.CreateTableAsStmt;
      return [{ at, kind: objtype === 'OBJECT_MATVIEW' ? 'view' : 'table', name: tableOf(into?.rel) }];
    }
    if ('IndexStmt' in node) {
      const { relation, idxname = '' } = node.IndexStmt;
      const table = tableOf(relation);
      return [{ at, kind: 'index', name: `${table.split('.')[0] ?? ''}.${idxname}`, table }];
    }
    if ('CreateFunctionStmt' in node && !node.CreateFunctionStmt.replace)
      return [{ at, kind: 'function', name: qualified(words(node.CreateFunctionStmt.funcname)) }];
    if ('CreateEnumStmt' in node)
      return [{ at, kind: 'type', name: qualified(words(node.CreateEnumStmt.typeName)) }];
    if ('CompositeTypeStmt' in node)
      return [{ at, kind: 'type', name: tableOf(node.CompositeTypeStmt.typevar) }];
    if ('CreateDomainStmt' in node)
      return [{ at, kind: 'type', name: qualified(words(node.CreateDomainStmt.domainname)) }];
    if ('CreateSchemaStmt' in node)
      return [{ at, kind: 'schema', name: node.CreateSchemaStmt.schemaname ?? '' }];
    if ('CreateSeqStmt' in node)
      return [{ at, kind: 'sequence', name: tableOf(node.CreateSeqStmt.sequence) }];
    if ('CreateTrigStmt' in node)
      return [partOf(at, 'trigger', node.CreateTrigStmt.relation, node.CreateTrigStmt.trigname)];
    if ('CreatePolicyStmt' in node)
      return [partOf(at, 'policy', node.CreatePolicyStmt.table, node.CreatePolicyStmt.policy_name)];
    return [];
  });
  const parts = [
    ...columnsOnOld(script).map(({ at, table, column }) => ({
      at,
      table,
      kind: 'column',
      part: column.colname,
    })),
    ...constraintsOnOld(script)
      .filter(({ column, constraint }) => !column && constraint.conname)
      .map(({ at, table, constraint }) => ({ at, table, kind: 'constraint', part: constraint.conname })),
  ];
  // An index that becomes a constraint's goes with the constraint.
  const taken = constraintsOnOld(script).map(
    ({ table, constraint }) => `${table} ${constraint.indexname ?? ''}`,
  );
  return [
    ...whole.filter(
      ({ kind, name, table }) =>
        kind !== 'index' || !taken.includes(`${table ?? ''} ${name.split('.').at(-1) ?? ''}`),
    ),
    ...parts.map(({ at, table, kind, part }) => ({ at, kind, table, name: `${table}.${part ?? ''}` })),
  ];
}

/** What a file drops. */
export function dropped(script: Script): DbObject[] {
  const whole = nodes(script, 'DropStmt').flatMap(({ at, node }) => {
    const kind = DROPPED[node.removeType ?? ''];
    if (kind === undefined) return [];
    return (node.objects ?? []).map((object): DbObject => {
      if (kind === 'schema') return { at, kind, name: as(object, 'String')?.sval ?? '' };
      if (kind !== 'trigger' && kind !== 'policy') return { at, kind, name: objectOf(object) };
      const path = words(as(object, 'List')?.items);
      const table = qualified(path.slice(0, -1));
      return { at, kind, table, name: `${table}.${path.at(-1) ?? ''}` };
    });
  });
  const parts = commands(script).flatMap(({ at, table, command: { subtype, name = '' } }): DbObject[] => {
    if (subtype === 'AT_DropColumn') return [{ at, kind: 'column', table, name: `${table}.${name}` }];
    return subtype === 'AT_DropConstraint'
      ? [{ at, kind: 'constraint', table, name: `${table}.${name}` }]
      : [];
  });
  return [...whole, ...parts];
}

/** Whether two are the same object. */
export function same(one: DbObject, other: DbObject): boolean {
  return one.kind === other.kind && one.name === other.name;
}

function partOf(
  at: LintStatement,
  kind: string,
  relation: Parameters<typeof tableOf>[0],
  name: string | undefined,
): DbObject {
  const table = tableOf(relation);
  return { at, kind, table, name: `${table}.${name ?? ''}` };
}

import type { CreateStmt, DropStmt, Node, ReindexStmt, RenameStmt } from '@pgsql/types';
import { LOCK_MODES } from '../../model';
import { constraintsOf } from './alter-table';
import { nameOf, partsOf, qualified, relationsOf } from './ast';
import type { Effects, Known } from './effects';

/** CREATE TABLE: locks only what it refers to, inherits from or is a part of. */
export function createTable(statement: CreateStmt, effects: Effects, known: Known): void {
  const table = nameOf(statement.relation);
  for (const parent of relationsOf(statement.inhRelations))
    effects.lock(
      nameOf(parent),
      statement.partbound === undefined ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
    );
  for (const element of statement.tableElts ?? []) {
    const constraints =
      'ColumnDef' in element
        ? constraintsOf(element.ColumnDef)
        : 'Constraint' in element
          ? [element.Constraint]
          : [];
    for (const { contype, pktable, conname } of constraints) {
      if (contype === 'CONSTR_FOREIGN' && nameOf(pktable) !== table)
        effects.lock(nameOf(pktable), 'SHARE ROW EXCLUSIVE');
      if (conname !== undefined) known.indexes.set(qualified(conname), table);
    }
    if ('TableLikeClause' in element) effects.lock(nameOf(element.TableLikeClause.relation), 'ACCESS SHARE');
  }
  effects.makes.push(table);
}

/** Every DROP that goes by one statement of the grammar. */
export function drop(statement: DropStmt, effects: Effects, known: Known): void {
  const { removeType, concurrent = false } = statement;
  const cascades = statement.behavior === 'DROP_CASCADE';
  for (const object of statement.objects ?? []) {
    const parts = partsOf(object);
    const whole = parts.join('.');
    switch (removeType) {
      case 'OBJECT_TABLE':
      case 'OBJECT_FOREIGN_TABLE':
        effects.lock(whole, 'ACCESS EXCLUSIVE');
        effects.lose(whole);
        break;
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW':
        effects.lock(whole, 'ACCESS EXCLUSIVE');
        break;
      case 'OBJECT_INDEX': {
        const table = known.indexes.get(qualified(whole));
        if (table !== undefined)
          effects.lock(table, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE');
        if (concurrent) effects.concurrently = { verb: 'drop', index: whole };
        break;
      }
      case 'OBJECT_TRIGGER':
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE':
        effects.lock(parts.slice(0, -1).join('.'), 'ACCESS EXCLUSIVE');
        break;
      case 'OBJECT_SCHEMA':
      case 'OBJECT_TYPE':
      case 'OBJECT_DOMAIN':
      case 'OBJECT_EXTENSION':
        // Takes the columns and tables that use it along.
        if (cascades) effects.lose();
        break;
      default:
    }
  }
}

/** REINDEX, of which only the form for one index can be repeated after a crash. */
export function reindex(statement: ReindexStmt, effects: Effects, known: Known): void {
  const concurrent = (statement.params ?? []).some(
    (param) => 'DefElem' in param && param.DefElem.defname === 'concurrently',
  );
  const name = nameOf(statement.relation);
  const table =
    statement.kind === 'REINDEX_OBJECT_INDEX'
      ? known.indexes.get(qualified(name))
      : statement.kind === 'REINDEX_OBJECT_TABLE'
        ? name
        : undefined;
  // Queries plan with the index, whose own lock is ACCESS EXCLUSIVE: to them the table is as good as locked.
  if (table !== undefined)
    effects.lock(table, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', { scans: true });
  if (concurrent)
    effects.concurrently = {
      verb: 'reindex',
      index: statement.kind === 'REINDEX_OBJECT_INDEX' ? name : '',
    };
}

/** ALTER ... RENAME of a table, view, index, column or what hangs on a table. */
export function rename(statement: RenameStmt, effects: Effects, known: Known): void {
  const name = nameOf(statement.relation);
  if (name === '') return;
  if (statement.renameType === 'OBJECT_INDEX') {
    const table = known.indexes.get(qualified(name));
    if (table === undefined) return;
    known.indexes.set(qualified(statement.newname ?? ''), table);
    return;
  }
  if (statement.renameType === 'OBJECT_SEQUENCE') return;
  if (!effects.isOld(name) && statement.renameType === 'OBJECT_TABLE')
    effects.makes.push(statement.newname ?? '');
  effects.lock(name, 'ACCESS EXCLUSIVE');
}

/** Statements that only lock one named relation, and how. Source: PostgreSQL 17 manual, 13.3.1 and each command. */
export function others(statement: Node, effects: Effects): void {
  if ('CreateTrigStmt' in statement)
    effects.lock(nameOf(statement.CreateTrigStmt.relation), 'SHARE ROW EXCLUSIVE');
  else if ('CreatePolicyStmt' in statement)
    effects.lock(nameOf(statement.CreatePolicyStmt.table), 'ACCESS EXCLUSIVE');
  else if ('AlterPolicyStmt' in statement)
    effects.lock(nameOf(statement.AlterPolicyStmt.table), 'ACCESS EXCLUSIVE');
  else if ('RuleStmt' in statement) effects.lock(nameOf(statement.RuleStmt.relation), 'ACCESS EXCLUSIVE');
  else if ('ViewStmt' in statement) {
    if (statement.ViewStmt.replace === true)
      effects.lock(nameOf(statement.ViewStmt.view), 'ACCESS EXCLUSIVE');
    effects.makes.push(nameOf(statement.ViewStmt.view));
  } else if ('AlterObjectSchemaStmt' in statement)
    effects.lock(nameOf(statement.AlterObjectSchemaStmt.relation), 'ACCESS EXCLUSIVE');
  else if ('TruncateStmt' in statement)
    for (const relation of relationsOf(statement.TruncateStmt.relations)) {
      effects.lock(nameOf(relation), 'ACCESS EXCLUSIVE');
      effects.lose(nameOf(relation));
    }
  else if ('LockStmt' in statement)
    for (const relation of relationsOf(statement.LockStmt.relations))
      effects.lock(nameOf(relation), LOCK_MODES[(statement.LockStmt.mode ?? 8) - 1] ?? 'ACCESS EXCLUSIVE');
  else if ('ClusterStmt' in statement)
    effects.lock(nameOf(statement.ClusterStmt.relation), 'ACCESS EXCLUSIVE', { rewrites: true });
  else if ('VacuumStmt' in statement) {
    const full = (statement.VacuumStmt.options ?? []).some(
      (option) => 'DefElem' in option && option.DefElem.defname === 'full',
    );
    for (const node of statement.VacuumStmt.rels ?? [])
      if ('VacuumRelation' in node)
        effects.lock(
          nameOf(node.VacuumRelation.relation),
          full ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE',
          { rewrites: full, scans: !full && statement.VacuumStmt.is_vacuumcmd === true },
        );
  } else if ('RefreshMatViewStmt' in statement) {
    const { relation, concurrent = false } = statement.RefreshMatViewStmt;
    effects.lock(nameOf(relation), concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', { rewrites: !concurrent });
  } else if ('CopyStmt' in statement) effects.lock(nameOf(statement.CopyStmt.relation), 'ROW EXCLUSIVE');
  else if ('CreateStatsStmt' in statement)
    for (const relation of relationsOf(statement.CreateStatsStmt.relations))
      effects.lock(nameOf(relation), 'SHARE UPDATE EXCLUSIVE');
  else if ('CommentStmt' in statement) {
    const { objtype, object } = statement.CommentStmt;
    const parts = partsOf(object);
    if (objtype === 'OBJECT_TABLE') effects.lock(parts.join('.'), 'SHARE UPDATE EXCLUSIVE');
    if (objtype === 'OBJECT_COLUMN') effects.lock(parts.slice(0, -1).join('.'), 'SHARE UPDATE EXCLUSIVE');
  } else if ('DropdbStmt' in statement || 'DropOwnedStmt' in statement) effects.lose();
}

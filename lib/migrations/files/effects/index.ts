import type { Node } from '@pgsql/types';
import { alterTable } from './alter-table';
import { nameOf, qualified } from './ast';
import { createTable, drop, others, reindex, rename } from './definitions';
import { Effects, type Known } from './effects';
import { rows } from './rows';

export type { Known } from './effects';

/**
 * What a statement locks, rewrites, reads and loses, as far as its text tells: a DO block or a function's body may
 * do more, which only the guards at run time see.
 * @param made - full names of the tables that the same script made before; what this statement makes is added
 * @param known - what earlier statements of the folder tell; what this one tells is added
 */
export function effectsOf(node: Node, made: Set<string>, known: Known): Effects {
  const effects = new Effects(made);
  if ('AlterTableStmt' in node) alterTable(node.AlterTableStmt, effects, known);
  else if ('CreateStmt' in node) createTable(node.CreateStmt, effects, known);
  else if ('IndexStmt' in node) {
    const { relation, idxname, concurrent = false } = node.IndexStmt;
    const table = nameOf(relation);
    // An index lives in its table's schema.
    const index = [relation?.schemaname, idxname].filter((part) => part !== undefined).join('.');
    effects.lock(table, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', { scans: true });
    if (concurrent) effects.concurrently = { verb: 'create', index: idxname === undefined ? '' : index };
    known.indexes.set(qualified(index), table);
  } else if ('DropStmt' in node) drop(node.DropStmt, effects, known);
  else if ('ReindexStmt' in node) reindex(node.ReindexStmt, effects, known);
  else if ('RenameStmt' in node) rename(node.RenameStmt, effects, known);
  else if ('CreateTableAsStmt' in node) {
    if (node.CreateTableAsStmt.query !== undefined) rows(node.CreateTableAsStmt.query, effects);
    effects.makes.push(nameOf(node.CreateTableAsStmt.into?.rel));
  } else if (
    'SelectStmt' in node ||
    'InsertStmt' in node ||
    'UpdateStmt' in node ||
    'DeleteStmt' in node ||
    'MergeStmt' in node
  )
    rows(node, effects);
  else others(node, effects);
  for (const table of effects.makes) made.add(qualified(table));
  return effects;
}

import type { Node } from '@pgsql/types';
import { nameOf, walk } from './ast';
import type { Effects } from './effects';

const WRITES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'] as const;

/** What a statement that reads or changes rows does, wherever in it that is, such as in a WITH. */
export function rows(statement: Node, effects: Effects): void {
  const own = new Set<string>();
  const targets = new Set<object>();
  let parameters = false;
  walk([statement], (kind, node) => {
    if (kind === 'CommonTableExpr' && 'ctename' in node && typeof node.ctename === 'string')
      own.add(node.ctename);
    if (kind === 'ParamRef') parameters = true;
  });
  walk([statement], (kind, node) => {
    if (!isWrite(kind) || !('relation' in node)) return;
    const relation = node.relation as Parameters<typeof nameOf>[0];
    if (relation === undefined) return;
    targets.add(relation);
    const table = nameOf(relation);
    // What takes parameters is a batch of a backfill, which visits some rows by the key.
    effects.lock(table, 'ROW EXCLUSIVE', { scans: kind !== 'InsertStmt' && !parameters });
    if (kind === 'DeleteStmt' || (kind === 'MergeStmt' && deletes(node))) effects.lose(table);
  });
  const locking = 'SelectStmt' in statement && statement.SelectStmt.lockingClause !== undefined;
  walk([statement], (kind, node) => {
    if (kind === 'intoClause' && 'rel' in node) {
      const made = node.rel as Parameters<typeof nameOf>[0];
      if (made !== undefined) targets.add(made);
      effects.makes.push(nameOf(made));
    }
    if (kind !== 'RangeVar' || targets.has(node)) return;
    const table = nameOf(node);
    if (!own.has(table)) effects.lock(table, locking ? 'ROW SHARE' : 'ACCESS SHARE', { scans: !parameters });
  });
}

function isWrite(kind: string): kind is (typeof WRITES)[number] {
  return (WRITES as readonly string[]).includes(kind);
}

function deletes(merge: object): boolean {
  let found = false;
  walk(merge, (kind, node) => {
    if (kind === 'MergeWhenClause' && 'commandType' in node && node.commandType === 'CMD_DELETE')
      found = true;
  });
  return found;
}

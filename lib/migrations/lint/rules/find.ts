import type { LintStatement, Script } from '../rule';
import {
  type AddedColumn,
  addedColumns,
  type AddedConstraint,
  addedConstraints,
  type Command,
  commandsOf,
} from '../sql/changes';
import { as, type Kind, type NodeOf } from '../sql/nodes';

/** Something in a statement. */
type In<T> = T & { readonly at: LintStatement };

/** Statements of a kind. */
export function nodes<K extends Kind>(
  { statements }: Script,
  kind: K,
): { at: LintStatement; node: NodeOf<K> }[] {
  return statements.flatMap((at) => {
    const node = as(at.node, kind);
    return node ? [{ at, node }] : [];
  });
}

/** Subcommands of every `ALTER TABLE`. */
export function commands({ statements }: Script): In<Command>[] {
  return statements.flatMap((at) => commandsOf(at).map((each) => ({ at, ...each })));
}

/** Subcommands on tables that were there before. */
export function commandsOnOld(script: Script): In<Command>[] {
  return commands(script).filter(({ table }) => !script.made.has(table));
}

/** Columns that the file makes. */
export function columns({ statements }: Script): In<AddedColumn>[] {
  return statements.flatMap((at) => addedColumns(at).map((each) => ({ at, ...each })));
}

/** Columns that the file makes in tables that were there before. */
export function columnsOnOld(script: Script): In<AddedColumn>[] {
  return columns(script).filter(({ table }) => !script.made.has(table));
}

/** Constraints that the file makes. */
export function constraints({ statements }: Script): In<AddedConstraint>[] {
  return statements.flatMap((at) => addedConstraints(at).map((each) => ({ at, ...each })));
}

/** Constraints that the file makes in tables that were there before. */
export function constraintsOnOld(script: Script): In<AddedConstraint>[] {
  return constraints(script).filter(({ table }) => !script.made.has(table));
}

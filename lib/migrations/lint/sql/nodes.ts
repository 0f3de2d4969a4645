import type { Node } from '@pgsql/types';

type KeyOfEach<T> = T extends unknown ? keyof T : never;

/** A kind of node, in the grammar's words, such as `AlterTableStmt`. */
export type Kind = KeyOfEach<Node>;

/** The node of a kind, without its wrapper. */
export type NodeOf<K extends Kind> = Extract<Node, Record<K, unknown>> extends Record<K, infer T> ? T : never;

/** What is inside the wrapper; `undefined` when it wraps another kind. */
export function as<K extends Kind>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return (node as Partial<Record<K, NodeOf<K>>> | undefined)?.[kind];
}

/** Those of a list that are of a kind, without their wrappers. */
export function all<K extends Kind>(nodes: readonly Node[] | undefined, kind: K): NodeOf<K>[] {
  return (nodes ?? []).flatMap((node) => as(node, kind) ?? []);
}

/** The strings of a list of names, such as `['public', 'patients']`. */
export function words(nodes: readonly Node[] | undefined): string[] {
  return all(nodes, 'String').map(({ sval }) => sval ?? '');
}

/** Every node of a kind anywhere below, itself included. */
export function within<K extends Kind>(root: unknown, kind: K): NodeOf<K>[] {
  const found: NodeOf<K>[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (key === kind) found.push(child as NodeOf<K>);
      visit(child);
    }
  };
  visit(root);
  return found;
}

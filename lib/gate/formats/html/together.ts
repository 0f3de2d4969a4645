/** What is the same in some environments, once. */
export interface Together {
  /** The environments in words. */
  readonly environments: string;
  /** What is so in each of them. */
  readonly parts: readonly string[];
}

/**
 * Tells each part once, with the environments that it is of, in the order in which they come.
 * @param all - names of every environment; told as such where all are meant and there is more than one
 * @param each - environments, with the parts of each
 */
export function together(
  all: readonly string[],
  each: readonly (readonly [environment: string, parts: readonly string[]])[],
): readonly Together[] {
  const having = new Map<string, string[]>();
  for (const [name, parts] of each) for (const part of new Set(parts)) added(having, part, name);
  const groups = new Map<string, string[]>();
  for (const [part, names] of having) {
    const words = names.length === all.length && all.length > 1 ? 'All environments' : names.join(', ');
    added(groups, words, part);
  }
  return [...groups].map(([environments, parts]) => ({ environments, parts }));
}

/** Adds to the list of a key, which may be very long. */
export function added<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}

/** Construct paths are long; inside an environment its own name says nothing. */
export function within(environment: string, path: string): string {
  return path.startsWith(`${environment}/`) ? path.slice(environment.length + 1) : path;
}

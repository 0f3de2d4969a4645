import type { Difference } from '../report';
import type { Catalogue } from './model';

/** What differs between two catalogues, sorted by kind and name. */
export function differences(expected: Catalogue, found: Catalogue): Difference[] {
  const before = definitions(expected);
  const after = definitions(found);
  return [...new Map([...before, ...after])].sort(byKey).flatMap(([key, { kind, object }]) => {
    const [one, other] = [before.get(key), after.get(key)];
    if (one?.definition === other?.definition) return [];
    return [
      {
        kind,
        object,
        ...(one && { expected: one.definition }),
        ...(other && { found: other.definition }),
      },
    ];
  });
}

function definitions({ objects }: Catalogue): ReadonlyMap<string, Catalogue['objects'][number]> {
  return new Map(objects.map((object) => [`${object.kind}\u0000${object.object}`, object]));
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

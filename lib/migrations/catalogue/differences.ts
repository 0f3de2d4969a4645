import type { Difference } from '../report';
import type { Catalogue, CatalogueObject } from './model';

/** Longest text that a difference shows of either side, in characters. */
const SHOWN = 240;

/**
 * What differs between two catalogues, sorted by kind and name. Of long texts, such as bodies of functions, each
 * difference shows the part from the first line that differs.
 */
export function differences(expected: Catalogue, found: Catalogue): Difference[] {
  const before = byName(expected);
  const after = byName(found);
  return [...new Map([...before, ...after])].sort(byKey).flatMap(([key, { kind, object }]) => {
    const [one, other] = [before.get(key)?.definition, after.get(key)?.definition];
    if (one === other) return [];
    const start = firstDifference(one, other);
    return [
      {
        kind,
        object,
        ...(one !== undefined && { expected: excerpt(one, start) }),
        ...(other !== undefined && { found: excerpt(other, start) }),
      },
    ];
  });
}

function byName({ objects }: Catalogue): ReadonlyMap<string, CatalogueObject> {
  return new Map(objects.map((object) => [`${object.kind}\u0000${object.object}`, object]));
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** Where the first line begins that differs; 0 when there is nothing to compare with. */
function firstDifference(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return 0;
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return one.lastIndexOf('\n', index - 1) + 1;
}

function excerpt(text: string, start: number): string {
  if (text.length <= SHOWN) return text;
  const shown = text.slice(start, start + SHOWN);
  return `${start > 0 ? '… ' : ''}${shown}${start + SHOWN < text.length ? ' …' : ''}`;
}

import * as fc from 'fast-check';
import { catalogueHash, differences, type Catalogue } from '../../../lib/migrations/catalogue';

const word = fc.constantFrom('a', 'b', 'c', 'a.b', 'B', 'é', 'a b', '');
const catalogue = fc
  .uniqueArray(fc.record({ kind: word, object: word, definition: fc.string({ maxLength: 8 }) }), {
    selector: ({ kind, object }) => JSON.stringify([kind, object]),
  })
  .map((objects): Catalogue => ({ form: 1, objects: objects.sort((one, other) => order(one, other)) }));

function order(one: { kind: string; object: string }, other: { kind: string; object: string }): number {
  const [left, right] = [one, other].map(({ kind, object }) => [kind, object]);
  return left! < right! ? -1 : 1;
}

test('a catalogue has no difference to itself', () => {
  fc.assert(fc.property(catalogue, (one) => expect(differences(one, one)).toEqual([])));
});

test('the differences are all that leads from one catalogue to the other', () => {
  fc.assert(
    fc.property(catalogue, catalogue, (one, other) => {
      const key = (kind: string, object: string): string => JSON.stringify([kind, object]);
      const patched = new Map(
        one.objects.map(({ kind, object, definition }) => [key(kind, object), definition]),
      );
      for (const { kind, object, expected, found } of differences(one, other)) {
        expect(patched.get(key(kind, object))).toBe(expected);
        if (found === undefined) patched.delete(key(kind, object));
        else patched.set(key(kind, object), found);
      }
      const wanted = other.objects.map(({ kind, object, definition }) => [key(kind, object), definition]);
      expect(Object.fromEntries(patched)).toEqual(Object.fromEntries(wanted as [string, string][]));
    }),
  );
});

test('the other way round, expected and found change places', () => {
  fc.assert(
    fc.property(catalogue, catalogue, (one, other) => {
      const turned = differences(other, one).map(({ expected, found, ...rest }) => ({
        ...rest,
        ...(found !== undefined && { expected: found }),
        ...(expected !== undefined && { found: expected }),
      }));
      expect(turned).toEqual(differences(one, other));
    }),
  );
});

test('the hash is the same exactly when nothing differs', () => {
  fc.assert(
    fc.property(catalogue, catalogue, (one, other) => {
      expect(catalogueHash(one) === catalogueHash(other)).toBe(differences(one, other).length === 0);
    }),
  );
});

test('of a long text a difference shows the part that differs', () => {
  const body = (line: string): Catalogue => ({
    form: 1,
    objects: [
      {
        kind: 'function',
        object: 'public.f()',
        definition: [...Array.from({ length: 40 }, (_, i) => `line ${i};`), line, 'end;'.repeat(99)].join(
          '\n',
        ),
      },
    ],
  });
  const [only] = differences(body('RETURN old;'), body('RETURN new;'));
  expect(only?.expected).toMatch(/^… RETURN old;\n/);
  expect(only?.found).toMatch(/^… RETURN new;\n/);
  expect(only?.found?.length).toBeLessThan(300);
});

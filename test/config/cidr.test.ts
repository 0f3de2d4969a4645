import fc from 'fast-check';
import { cidrsOverlap, isIpv4Cidr } from '../../lib/config/cidr';

/** A range inside 10.0.0.0/8 as its number and prefix, written by its first address. */
const range = fc.tuple(fc.nat(2 ** 24 - 1), fc.integer({ min: 16, max: 20 })).map(([address, prefix]) => {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return {
    first,
    last: first + size - 1,
    text: `10.${first >>> 16}.${(first >>> 8) & 255}.${first & 255}/${prefix}`,
  };
});

test('every aligned range of 10.0.0.0/8 between /16 and /20 is accepted', () => {
  fc.assert(fc.property(range, ({ text }) => isIpv4Cidr(text)));
});

test('ranges overlap exactly when they share an address, whichever is named first', () => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      const shared = a.first <= b.last && b.first <= a.last;
      expect(cidrsOverlap(a.text, b.text)).toBe(shared);
      expect(cidrsOverlap(b.text, a.text)).toBe(shared);
    }),
    { numRuns: 500 },
  );
});

test('a range always overlaps itself', () => {
  fc.assert(fc.property(range, ({ text }) => cidrsOverlap(text, text)));
});

test.each([
  '',
  '10.0.0.0',
  '10.0.0.0/15',
  '10.0.0.0/21',
  '10.0.0.1/16',
  '10.256.0.0/16',
  '11.0.0.0/16',
  '172.32.0.0/16',
])('%p is not a private range between /16 and /20', (text) => {
  expect(isIpv4Cidr(text)).toBe(false);
});

import { generateSecret, generateSync } from 'otplib';
import { oneTimeCode, untilNextCode } from '../../lib/identity/one-time-code';

/** `12345678901234567890` in base32: the secret of RFC 6238, appendix B. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('is the RFC’s at %d seconds', (seconds, code) => {
  expect(oneTimeCode(RFC_SECRET, new Date(seconds * 1000))).toBe(code);
});

test('is what another implementation gives for secrets of any length', () => {
  for (const length of [16, 20, 32]) {
    const secret = generateSecret({ length });
    expect(oneTimeCode(secret, new Date(1_800_000_000_000))).toBe(
      generateSync({ secret, epoch: 1_800_000_000 }),
    );
  }
});

test('the next code comes at the full half minute', () => {
  expect(untilNextCode(new Date('2026-01-01T00:00:29.000Z'))).toBe(1_000);
  expect(untilNextCode(new Date('2026-01-01T00:00:30.000Z'))).toBe(30_000);
});

test('a secret that is none is refused and not repeated', () => {
  expect(() => oneTimeCode('SECRET-1', new Date(0))).toThrow('The secret of an authenticator is not base32.');
});

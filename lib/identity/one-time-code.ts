import { createHmac } from 'node:crypto';

/** How long a code holds, in seconds. */
export const CODE_SECONDS = 30;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The six digits that an authenticator shows at a moment (RFC 6238 with SHA-1 and 30 seconds, as Cognito asks for).
 * @param secret - base32, as Cognito hands it out
 * @param at - the moment
 */
export function oneTimeCode(secret: string, at: Date): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 1000 / CODE_SECONDS)));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  const number = (hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000;
  return String(number).padStart(6, '0');
}

/** Milliseconds until the next code. */
export function untilNextCode(at: Date): number {
  const window = CODE_SECONDS * 1000;
  return window - (at.getTime() % window);
}

function fromBase32(text: string): Buffer {
  const letters = text.toUpperCase().replace(/=+$/, '');
  const bits = Array.from(letters, (letter) => {
    const value = ALPHABET.indexOf(letter);
    // Never the letter itself: it is part of a secret.
    if (value < 0) throw new Error('The secret of an authenticator is not base32.');
    return value.toString(2).padStart(5, '0');
  });
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}

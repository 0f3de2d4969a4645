import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * The one form of a JSON value (RFC 8785), so that equal content has equal bytes.
 * @throws Error for what JSON cannot hold
 */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('There is no JSON form of what is to be made canonical.');
  return text;
}

/** SHA-256 of bytes, in hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import { hash } from 'node:crypto';

/** Namespace of the names that this project makes: the one of URLs. Source: RFC 9562, section 6.6. */
const NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** The UUID (version 5, RFC 9562) of what the parts name together: the same parts give the same UUID everywhere. */
export function namedUuid(...parts: readonly string[]): string {
  const digits = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(parts.join('\n'))]));
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0b11) | 0b1000).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-5${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

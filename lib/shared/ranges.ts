/** Shortest prefixes that are somebody's: 10.0.0.0/8 is the widest private network, a /16 of IPv6 more than any registry gives. */
const SOMEBODYS = { v4: 8, v6: 16 } as const;
const RANGE = /^[\d.]+\/\d+$|^[\da-f:.]*:[\da-f:.]*\/\d+$/i;

/** Whether a text is a range of addresses, whatever the deployment brings. */
export function isRange(text: string): boolean {
  return RANGE.test(text);
}

/** Whether a range is so wide that it is everybody's, whatever address it begins with: also half of all addresses. */
export function isEverybodys(range: string): boolean {
  const prefix = /\/(\d+)$/.exec(range)?.[1];
  return prefix !== undefined && Number(prefix) < (range.includes(':') ? SOMEBODYS.v6 : SOMEBODYS.v4);
}

/** Whether a range is private alone: RFC 1918, and RFC 4193 for IPv6. */
export function isPrivateRange(range: string): boolean {
  const [address = '', length = ''] = range.toLowerCase().split('/');
  const prefix = Number(length);
  if (address.includes(':')) return prefix >= 7 && /^f[cd][\da-f]{2}:/.test(address);
  const [first, second] = address.split('.').map(Number);
  return (
    (first === 10 && prefix >= 8) ||
    (first === 172 && second !== undefined && second >= 16 && second < 32 && prefix >= 12) ||
    (first === 192 && second === 168 && prefix >= 16)
  );
}

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

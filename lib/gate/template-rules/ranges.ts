import { choices, show } from '../../release/guard/values';

/** Shortest prefixes that are somebody's: 10.0.0.0/8 is the widest private network, a /16 of IPv6 more than any registry gives. */
const SOMEBODYS = { v4: 8, v6: 16 } as const;

/** Whether a range is so wide that it is everybody's, whatever address it begins with: also half of all addresses. */
export function isEverybodys(range: unknown): boolean {
  return choices(range).some((one) => {
    const text = show(one);
    const prefix = /\/(\d+)$/.exec(text)?.[1];
    return prefix !== undefined && Number(prefix) < (text.includes(':') ? SOMEBODYS.v6 : SOMEBODYS.v4);
  });
}

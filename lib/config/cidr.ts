/** First and last address of an IPv4 range as unsigned integers, or undefined when it is not one. */
function bounds(cidr: string): readonly [number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  return first === address ? [first, first + size - 1] : undefined;
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Whether the text is a private (RFC 1918) IPv4 range from /16 to /20, written by its first address. */
export function isIpv4Cidr(cidr: string): boolean {
  const range = bounds(cidr);
  const prefix = Number(cidr.split('/')[1]);
  if (!range || prefix < 16 || prefix > 20) return false;
  return PRIVATE.some((other) => {
    const outer = bounds(other);
    return outer !== undefined && range[0] >= outer[0] && range[1] <= outer[1];
  });
}

/** Whether two IPv4 ranges share an address; false when either is not a range. */
export function cidrsOverlap(one: string, other: string): boolean {
  const a = bounds(one);
  const b = bounds(other);
  return a !== undefined && b !== undefined && a[0] <= b[1] && b[0] <= a[1];
}

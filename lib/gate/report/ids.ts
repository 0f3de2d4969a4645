import * as crypto from 'node:crypto';

/** A short name that is the same at every synth, made from what tells the thing apart. */
export function stableId(prefix: string, ...parts: readonly string[]): string {
  const hash = crypto.createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${prefix}-${hash.slice(0, 12)}`;
}

/** Orders texts by their code units, which is the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

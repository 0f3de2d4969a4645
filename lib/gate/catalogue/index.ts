import { administrative } from './administrative';
import { CHECKS } from './checks';
import { documentation } from './documentation';
import type { Entry } from './entry';
import { organizational } from './organizational';
import { physical } from './physical';
import { technical } from './technical';

export { CHECKS, type Check } from './checks';
export type { Entry } from './entry';

/** Version of the catalogue; raised with every change of an entry. */
export const CATALOGUE_VERSION = '1.0.0';

/** Every standard and implementation specification of 45 CFR 164.308, .310, .312, .314 and .316. */
export const CATALOGUE: readonly Entry[] = [
  ...administrative,
  ...physical,
  ...technical,
  ...organizational,
  ...documentation,
];

/** Where the entry comes from. */
export function sourceOf({ citation }: Entry): string {
  const number = citation.split('(', 1)[0] ?? citation;
  return `45 CFR ${citation}, https://www.ecfr.gov/current/title-45/section-${number}`;
}

/** The names of the rules that serve the entry: those whose text cites it, and those that this platform adds. */
export function rulesServing(
  entry: Entry,
  rules: readonly { readonly id: string; readonly controls: readonly string[] }[],
): string[] {
  const also = new Set(entry.alsoServedBy);
  return rules
    .filter(({ id, controls }) => controls.includes(entry.citation) || also.has(id))
    .map(({ id }) => id)
    .sort();
}

/** The ids of the checks by test that serve the entry. */
export function checksServing({ citation }: Entry): string[] {
  return CHECKS.filter(({ controls }) => controls.includes(citation))
    .map(({ id }) => id)
    .sort();
}

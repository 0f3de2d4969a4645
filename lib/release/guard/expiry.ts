import { canonical } from '../../gate/chain/canonical';
import type { Harm } from './harm';
import type { TemplateResource } from './model';
import { choices, isAbsent, isObject, show } from './values';

/** What a rule of a bucket's lifecycle deletes. */
interface Expiry {
  readonly what: 'objects' | 'old versions' | 'whatever is meant by';
  /** How their names begin. */
  readonly prefix: string;
  /** What else chooses among them. */
  readonly filter: string;
  /** When, in words. */
  readonly when: string;
  /** After how many days; not a number where it is no count of days, or only the deployment tells. */
  readonly days: number;
  /** How many newer versions have to be there. */
  readonly newer: number;
}

type Rule = Readonly<Record<string, unknown>>;

const FILTERS = ['TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'] as const;

/** What a bucket deletes by itself that it kept until now, or kept for longer. */
export function expiresEarlier(was: TemplateResource, is: TemplateResource): readonly Harm[] {
  if (is.Type !== 'AWS::S3::Bucket') return [];
  const known = expiriesOf(was);
  const words = new Set(known.map(wordsOf));
  return expiriesOf(is)
    .filter((one) => !words.has(wordsOf(one)) && !known.some((other) => covers(other, one)))
    .map((one) => ({ change: wordsOf(one), harm: 'what it deletes is lost' }));
}

function expiriesOf({ Properties = {} }: TemplateResource): readonly Expiry[] {
  return choices(Properties.LifecycleConfiguration)
    .flatMap((one) => (isObject(one) && 'Rules' in one ? choices(one.Rules) : [one]))
    .filter((rule) => isObject(rule) && !isAbsent(rule))
    .flatMap((rule) => ofRule(rule as Rule));
}

function ofRule(rule: Rule): readonly Expiry[] {
  const scope = { prefix: show(rule.Prefix), filter: filterOf(rule) };
  const none = { ...scope, days: NaN, newer: 0 };
  if (rule.Status === undefined) return [{ ...none, what: 'whatever is meant by', when: show(rule) }];
  if (rule.Status === 'Disabled') return [];
  const { ExpirationInDays: days, ExpirationDate: date, NoncurrentVersionExpiration: old } = rule;
  const { NoncurrentDays = rule.NoncurrentVersionExpirationInDays, NewerNoncurrentVersions: newer } =
    isObject(old) ? old : ({} as Rule);
  const found: Expiry[] = [];
  if (!isAbsent(days)) found.push({ ...none, what: 'objects', ...after(days) });
  if (!isAbsent(date)) found.push({ ...none, what: 'objects', when: `on ${show(date)}` });
  if (!isAbsent(NoncurrentDays)) {
    const { when, days: number } = after(NoncurrentDays);
    const but = isAbsent(newer) ? '' : ` but the newest ${show(newer)}`;
    found.push({
      ...{ ...scope, what: 'old versions', when: `${when}${but}` },
      ...{ days: number, newer: isAbsent(newer) ? 0 : Number(newer) },
    });
  }
  return found;
}

function after(days: unknown): Pick<Expiry, 'when' | 'days'> {
  return { when: `after ${show(days)} days`, days: Number(days) };
}

function filterOf(rule: Rule): string {
  const given = FILTERS.filter((name) => !isAbsent(rule[name])).map((name) => [name, rule[name]]);
  return given.length === 0 ? '' : canonical(Object.fromEntries(given));
}

/** Whether one deletes all that the other does, and as early. */
function covers(wide: Expiry, narrow: Expiry): boolean {
  return (
    wide.what === narrow.what &&
    narrow.prefix.startsWith(wide.prefix) &&
    (wide.filter === '' || wide.filter === narrow.filter) &&
    wide.days <= narrow.days &&
    wide.newer <= narrow.newer
  );
}

function wordsOf({ what, prefix, filter, when }: Expiry): string {
  const under = prefix === '' ? '' : ` under ${prefix}`;
  return `expire ${what}${under}${filter === '' ? '' : ` with ${filter}`} ${when}`;
}

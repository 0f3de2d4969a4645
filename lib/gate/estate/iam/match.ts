import { UNKNOWN } from '../resolve';

/**
 * Patterns are what policies write: `*` and `?`, and tokens for what is made at deployment. A subject may end in `*`,
 * which is whatever part of it, such as any object of a bucket.
 */
type Units = readonly string[];

function unitsOf(text: string): Units {
  return text.match(/«[^»]*»|[^«]/gsu) ?? [];
}

const cache = new Map<string, Units>();

function units(text: string): Units {
  const known = cache.get(text);
  if (known) return known;
  const made = unitsOf(text);
  // The same ARNs come again for every action and role; the limit keeps odd input from filling the memory.
  if (cache.size > 20_000) cache.clear();
  cache.set(text, made);
  return made;
}

const isToken = (unit: string | undefined): boolean => unit?.startsWith('«') === true;

/** Where, from here, a run of plain characters ends in `*` inside one part of a name; undefined where it does not. */
function prefixEnd(pattern: Units, from: number): number | undefined {
  for (let index = from; index < pattern.length; index += 1) {
    const unit = pattern[index];
    if (unit === '*') return index;
    if (unit === undefined || isToken(unit) || unit === ':' || unit === '/' || unit === '?') return undefined;
  }
  return undefined;
}

type Step = (i: number, j: number) => boolean;

function matched(pattern: Units, subject: Units, step: (next: Step) => Step): boolean {
  const width = subject.length + 1;
  const seen = new Map<number, boolean>();
  const next: Step = (i, j) => {
    const key = i * width + j;
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, false);
    const result = run(i, j);
    seen.set(key, result);
    return result;
  };
  const run = step(next);
  return next(0, 0);
}

/** Parts of an ARN before the resource: a wildcard of a policy does not reach from one of them into the next. */
const PARTS = 5;

const split = new Map<string, readonly string[]>();

/** The parts of an ARN; the sixth is the resource, with whatever colons it has. */
function partsOf(arn: string): readonly string[] {
  const known = split.get(arn);
  if (known) return known;
  const parts = arn.split(':');
  const made = parts.length <= PARTS ? [arn] : [...parts.slice(0, PARTS), parts.slice(PARTS).join(':')];
  if (split.size > 20_000) split.clear();
  split.set(arn, made);
  return made;
}

/** Compares two ARNs part by part; texts that are none, as a whole. */
function byParts(pattern: string, subject: string, compare: (p: string, s: string) => boolean): boolean {
  const [p, s] = [partsOf(pattern), partsOf(subject)];
  return p.length === s.length
    ? p.every((part, index) => compare(part, s[index] ?? ''))
    : compare(pattern, subject);
}

/** Whether the pattern may mean the subject or a part of it: what is not known counts as meaning it. */
export function mayMean(pattern: string, subject: string): boolean {
  if (pattern === '*' || pattern === subject || pattern.includes(UNKNOWN)) return true;
  return byParts(pattern, subject, mayMeanPart);
}

function mayMeanPart(pattern: string, subject: string): boolean {
  if (pattern === '*' || pattern === subject) return true;
  const [p, s] = [units(pattern), units(subject)];
  return matched(p, s, (next) => (i, j) => {
    const [own, other] = [p[i], s[j]];
    if (own === undefined) return s.slice(j).every((unit) => unit === '*');
    if (own === '*') return next(i + 1, j) || (j < s.length && next(i, j + 1));
    if (other === undefined) return false;
    if (other === '*') return next(i, j + 1) || next(i + 1, j);
    if (own === other) return next(i + 1, j + 1);
    if (own === '?') return next(i + 1, j + 1) || (isToken(other) && next(i + 1, j));
    if (!isToken(other)) return false;
    // A name that is made at deployment may begin as the pattern does.
    const end = isToken(own) ? undefined : prefixEnd(p, i);
    return end !== undefined && next(end, j + 1);
  });
}

/** Whether the pattern surely means the whole subject: what is not known does not. */
export function surelyMeans(pattern: string, subject: string): boolean {
  if (pattern.includes(UNKNOWN) || subject.includes(UNKNOWN)) return false;
  if (pattern === '*' || pattern === subject) return true;
  return byParts(pattern, subject, surelyMeansPart);
}

function surelyMeansPart(pattern: string, subject: string): boolean {
  if (pattern === '*' || pattern === subject) return true;
  const [p, s] = [units(pattern), units(subject)];
  return matched(p, s, (next) => (i, j) => {
    const [own, other] = [p[i], s[j]];
    if (own === undefined) return j === s.length;
    if (own === '*') return next(i + 1, j) || (j < s.length && next(i, j + 1));
    if (other === undefined || other === '*') return false;
    return (own === other || (own === '?' && !isToken(other))) && next(i + 1, j + 1);
  });
}

const actions = new Map<string, RegExp>();

/** Whether an action pattern of a policy, in any case, means the action. */
export function meansAction(pattern: string, action: string): boolean {
  if (pattern === '*' || pattern === UNKNOWN || pattern === action) return true;
  // Most patterns are of another service, or plain names.
  if (pattern.charCodeAt(0) !== action.charCodeAt(0) && /^[a-z]/.test(pattern)) return false;
  let expression = actions.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 'i');
    actions.set(pattern, expression);
  }
  return expression.test(action);
}

import { canonical } from '../../gate/chain/canonical';

/** Whether a value is a plain object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is one that the deployment puts another in place of. */
export function isIntrinsic(value: unknown): boolean {
  const [key = '', ...others] = isObject(value) ? Object.keys(value) : [];
  return others.length === 0 && /^(Ref$|Fn::)/.test(key);
}

/** Whether a value stands for none. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || (isObject(value) && value.Ref === 'AWS::NoValue');
}

/** One or many, as templates write lists of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** One or many, and both branches of each choice that the deployment makes. */
export function choices(value: unknown): readonly unknown[] {
  return listOf(value).flatMap((one) => {
    const branches = isObject(one) ? one['Fn::If'] : undefined;
    return Array.isArray(branches) ? branches.slice(1).flatMap(choices) : [one];
  });
}

/** A value of a template in one line: texts as they are, references by the name of what they refer to. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (!isObject(value)) return JSON.stringify(value);
  const [key, argument] = Object.entries(value)[0] ?? [];
  if (Object.keys(value).length === 1) {
    if (key === 'Ref' && typeof argument === 'string') return `\${${argument}}`;
    if (key === 'Fn::GetAtt') return `\${${listOf(argument).map(String).join('.')}}`;
    if (key === 'Fn::Sub' && typeof argument === 'string') return argument;
    if (key === 'Fn::Join' && Array.isArray(argument)) {
      const [separator, parts] = argument as readonly unknown[];
      return listOf(parts).map(show).join(String(separator));
    }
  }
  return canonical(value);
}

/** Whether two values say the same; none is one as well. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonical(one ?? null) === canonical(other ?? null);
}

/** The logical id of what a value is, or is an attribute of; undefined for a text and for what is put together. */
export function referent(value: unknown): string | undefined {
  if (!isObject(value) || !isIntrinsic(value)) return undefined;
  const { Ref: reference, 'Fn::GetAtt': attribute = reference } = value;
  const [id] = typeof attribute === 'string' ? attribute.split('.') : listOf(attribute);
  return typeof id === 'string' ? id : undefined;
}

/** Every logical id that a value refers to. */
export function referencesIn(value: unknown): ReadonlySet<string> {
  const ids = new Set<string>();
  const walk = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(walk);
    if (!isObject(at)) return;
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = at;
    if (typeof ref === 'string') ids.add(ref);
    const [sub] = listOf(text);
    if (typeof sub === 'string')
      for (const [, name = ''] of sub.matchAll(/\$\{([^!.}][^.}]*)[^}]*\}/g)) ids.add(name);
    const [id] = typeof attribute === 'string' ? attribute.split('.') : listOf(attribute);
    if (typeof id === 'string') ids.add(id);
    Object.values(at).forEach(walk);
  };
  walk(value);
  return ids;
}

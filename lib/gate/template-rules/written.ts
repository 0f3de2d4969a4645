import { isAbsent, isIntrinsic, isObject, listOf, show } from '../../release/guard/values';

/** Branches of a choice that are worked out; a value with more stays as it is, and so is unreadable. */
const MOST = 64;
const REFERENCE = /^\$\{[^}]*\}$/;

/** What each function gives; undefined where only the deployment knows. */
const FUNCTIONS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  'Fn::Join': ([delimiter, parts]) =>
    typeof delimiter === 'string' && Array.isArray(parts) ? parts.map(textOf).join(delimiter) : undefined,
  'Fn::Select': ([index, from]) => {
    if (Array.isArray(from)) return (from as readonly unknown[])[Number(index)];
    const [, text] = isObject(from) ? listOf(from['Fn::Split']) : [];
    // A part of what a resource gives is its own still.
    return REFERENCE.test(textOf(text)) ? text : undefined;
  },
  'Fn::Split': ([delimiter, text]) =>
    typeof text === 'string' && !text.includes('${') ? text.split(String(delimiter)) : undefined,
  'Fn::Sub': ([text, given]) =>
    typeof text === 'string'
      ? text.replace(/\$\{([^}]*)\}/g, (whole, name: string) =>
          isObject(given) && name in given ? textOf(given[name]) : whole.replace('{!', '{'),
        )
      : undefined,
};

/** A value within a text: a reference by its name, another function by its own. */
function textOf(value: unknown): string {
  const [name = ''] = isObject(value) ? Object.keys(value) : [];
  return isIntrinsic(value) && name !== 'Ref' && name !== 'Fn::GetAtt' ? `\${${name}}` : show(value);
}

/** A value in every way that its choices leave. */
function variants(value: unknown): readonly unknown[] {
  if (Array.isArray(value))
    return value.reduce<readonly (readonly unknown[])[]>(
      (all, one) => all.flatMap((before) => variants(one).map((variant) => [...before, variant])),
      [[]],
    );
  if (!isObject(value)) return [value];
  if (Array.isArray(value['Fn::If'])) return value['Fn::If'].slice(1).flatMap(variants);
  const names = Object.keys(value);
  return variants(Object.values(value)).map((values) =>
    Object.fromEntries(names.map((name, index) => [name, listOf(values)[index]])),
  );
}

/** How many variants a value has. */
function variety(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((product, one) => product * variety(one), 1);
  if (!isObject(value)) return 1;
  const branches = value['Fn::If'];
  return Array.isArray(branches)
    ? branches.slice(1).reduce<number>((sum, one) => sum + variety(one), 0)
    : variety(Object.values(value));
}

/**
 * A value whose functions over what is written are worked out: joins, selections and substitutions become their text, in
 * which references stay as `${name}`, and choices come to stand around them. What only the deployment knows stays a function.
 */
export function worked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(worked).filter((one) => !isAbsent(one));
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, worked(one)]));
  const [name = ''] = Object.keys(inner);
  const work = isIntrinsic(value) ? FUNCTIONS[name] : undefined;
  if (!work || variety(inner[name]) > MOST) return inner;
  const results = variants(inner[name]).map((args) => work(listOf(args)) ?? { [name]: args });
  return results.length === 1 ? results[0] : { 'Fn::If': ['', ...results] };
}

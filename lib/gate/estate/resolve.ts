import { at, list, record } from '../template-rules/values';

/** What an intrinsic function gives when the templates do not tell: whoever judges by it has to expect anything. */
export const UNKNOWN = '«?»';

/** Where a value stands, and what it may refer to. */
export interface Scope {
  /** What `Ref` gives for a logical id of the stack or a pseudo parameter. */
  readonly ref: (name: string) => unknown;
  /** What `Fn::GetAtt` gives. */
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  /** What another stack exports under a name. */
  readonly imported: (name: string) => unknown;
}

function joined(parts: readonly unknown[], delimiter: string): string {
  return parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join(delimiter);
}

function textOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : UNKNOWN;
}

function attributeOf(value: unknown, scope: Scope): unknown {
  const [logicalId = '', ...rest] =
    typeof value === 'string' ? value.split('.') : list(value).map((part) => String(resolve(part, scope)));
  return scope.attribute(logicalId, rest.join('.'));
}

function substituted(value: unknown, scope: Scope): string {
  const [template, given] = Array.isArray(value) ? (value as readonly unknown[]) : [value, {}];
  if (typeof template !== 'string') return UNKNOWN;
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    const own = record(given)[name];
    if (own !== undefined) return joined([resolve(own, scope)], '');
    const [logicalId = '', ...rest] = name.split('.');
    return joined([rest.length === 0 ? scope.ref(name) : scope.attribute(logicalId, rest.join('.'))], '');
  });
}

const FUNCTIONS: Readonly<Record<string, (value: unknown, scope: Scope) => unknown>> = {
  Ref: (value, scope) => scope.ref(String(value)),
  'Fn::GetAtt': attributeOf,
  'Fn::Sub': substituted,
  'Fn::ImportValue': (value, scope) => scope.imported(String(resolve(value, scope))),
  'Fn::Join': (value, scope) => {
    const [delimiter, parts] = list(value);
    const resolved = resolve(parts, scope);
    return Array.isArray(resolved) ? joined(resolved, String(delimiter)) : UNKNOWN;
  },
  'Fn::Select': (value, scope) => {
    const [index, from] = list(resolve(value, scope));
    return Array.isArray(from) ? ((from as readonly unknown[])[Number(index)] ?? UNKNOWN) : UNKNOWN;
  },
  'Fn::Split': (value, scope) => {
    const [delimiter, text] = list(resolve(value, scope));
    return typeof text === 'string' && !text.includes(UNKNOWN) ? text.split(String(delimiter)) : UNKNOWN;
  },
};

/**
 * A value of a template with its intrinsic functions replaced: what is made at deployment is a name between `«` and `»`,
 * the same wherever it is meant, and what cannot be told is {@link UNKNOWN}.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, scope)).filter((one) => one !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const [name = '', ...more] = Object.keys(value);
  if (more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const resolver = FUNCTIONS[name];
    return resolver ? resolver(at(value, name), scope) : UNKNOWN;
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, resolve(inner, scope)] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

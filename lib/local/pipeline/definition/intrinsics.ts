import type { Json } from '../../bridge/literals';

/** What a template's references stand for. */
export interface Scope {
  /** What `Ref` gives of a resource, parameter or pseudo parameter; nothing when it is not known. */
  readonly ref: (name: string) => Json | undefined;
  /** What `Fn::GetAtt` gives; nothing when it is not known. */
  readonly attribute: (logicalId: string, name: string) => Json | undefined;
  /** Whether a condition of the template holds; nothing when there is none of that name. */
  readonly condition: (name: string) => boolean | undefined;
}

/** A value that cannot be told before the template is deployed, or never; its message says where and which. */
export class UnresolvedError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'UnresolvedError';
}

/** Stands for a property that `AWS::NoValue` takes away. */
const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = Json | typeof NO_VALUE;

/**
 * Resolves the intrinsic functions of a value, as CloudFormation does.
 *
 * @param where - names the value in errors, such as `Resources/Pipeline/Properties`
 * @throws UnresolvedError for a reference to what is not there, and for a function that is not modelled
 */
export function resolve(value: Json, scope: Scope, where: string): Json {
  const resolved = walk(value, scope, where);
  return resolved === NO_VALUE ? null : resolved;
}

function walk(value: Json, scope: Scope, where: string): Resolved {
  if (Array.isArray(value))
    return value.map((child, index) => walk(child, scope, `${where}/${index}`)).filter(isValue);
  if (value === null || typeof value !== 'object') return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0) {
    const call = FUNCTIONS[key];
    if (call !== undefined) return call(value[key] ?? null, scope, `${where}/${key}`);
    if (key.startsWith('Fn::')) throw new UnresolvedError(`${where}: ${key} is not resolved here.`);
  }
  const entries = Object.entries(value).map(([name, child]) => [
    name,
    walk(child, scope, `${where}/${name}`),
  ]);
  return Object.fromEntries(entries.filter(([, child]) => child !== NO_VALUE)) as Json;
}

function isValue(value: Resolved): value is Json {
  return value !== NO_VALUE;
}

type Call = (argument: Json, scope: Scope, where: string) => Resolved;

const FUNCTIONS: Readonly<Record<string, Call>> = {
  Ref: (name, scope, where) => reference(text(name, where), scope, where),
  'Fn::GetAtt': (target, scope, where) => {
    const [id, attribute] = Array.isArray(target)
      ? [text(target[0] ?? null, where), text(target[1] ?? null, where)]
      : splitOnce(text(target, where));
    const found = scope.attribute(id, attribute);
    if (found === undefined)
      throw new UnresolvedError(`${where}: the attribute ${id}.${attribute} is not known.`);
    return found;
  },
  'Fn::Join': (argument, scope, where) => {
    const [separator, parts] = pair(argument, where);
    const values = walk(parts, scope, where);
    if (!Array.isArray(values)) throw new UnresolvedError(`${where}: there is no list to join.`);
    return values.map((part) => text(part, where)).join(text(separator, where));
  },
  'Fn::Sub': (argument, scope, where) => {
    const [template, own] = Array.isArray(argument) ? pair(argument, where) : [argument, {}];
    const variables = walk(own, scope, where) as Readonly<Record<string, Json>>;
    return text(template, where).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      const given = variables[name.trim()];
      if (given !== undefined) return text(given, where);
      const [id, attribute] = splitOnce(name.trim());
      const found = attribute === '' ? reference(id, scope, where) : scope.attribute(id, attribute);
      if (found === undefined || found === NO_VALUE)
        throw new UnresolvedError(`${where}: \${${name}} is not known.`);
      return text(found, where);
    });
  },
  'Fn::Select': (argument, scope, where) => {
    const [index, list] = pair(argument, where);
    const values = walk(list, scope, where);
    const found = Array.isArray(values) ? values[Number(walk(index, scope, where))] : undefined;
    if (found === undefined) throw new UnresolvedError(`${where}: the list has no such element.`);
    return found;
  },
  'Fn::Split': (argument, scope, where) => {
    const [separator, whole] = pair(argument, where);
    return text(walk(whole, scope, where), where).split(text(separator, where));
  },
  'Fn::If': (argument, scope, where) => {
    const [name, then, otherwise] = Array.isArray(argument) ? argument : [];
    const holds = scope.condition(text(name ?? null, where));
    if (holds === undefined)
      throw new UnresolvedError(`${where}: the condition ${JSON.stringify(name)} is not known.`);
    return walk((holds ? then : otherwise) ?? null, scope, where);
  },
};

function reference(name: string, scope: Scope, where: string): Resolved {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const found = scope.ref(name);
  if (found === undefined) throw new UnresolvedError(`${where}: ${name} is not known.`);
  return found;
}

function pair(argument: Json, where: string): [Json, Json] {
  if (!Array.isArray(argument) || argument.length !== 2)
    throw new UnresolvedError(`${where}: two arguments are expected.`);
  return [argument[0] ?? null, argument[1] ?? null];
}

function text(value: Resolved, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UnresolvedError(`${where}: a text is expected, not ${JSON.stringify(value)}.`);
}

function splitOnce(whole: string): [string, string] {
  const dot = whole.indexOf('.');
  return dot < 0 ? [whole, ''] : [whole.slice(0, dot), whole.slice(dot + 1)];
}

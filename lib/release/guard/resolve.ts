import type { Parameter } from '@aws-sdk/client-cloudformation';
import { holds } from './conditions';
import type { Resources } from './model';
import { isAbsent, isObject, show } from './values';

/** Values that parameters have whatever their defaults, by name; undefined for one that AWS keeps to itself. */
export type Given = ReadonlyMap<string, string | undefined>;

type Part = Readonly<Record<string, unknown>>;
type Resolve = (value: unknown) => unknown;

/** What AWS says in place of a value that is secret. */
const SECRET = '****';

/** The parameters of a stack or of a change set, as AWS tells them. */
export function givenBy(parameters: readonly Parameter[] = []): Given {
  return new Map(
    parameters.map(({ ParameterKey = '', ParameterValue, ResolvedValue = ParameterValue }) => [
      ParameterKey,
      ResolvedValue === SECRET ? undefined : ResolvedValue,
    ]),
  );
}

/**
 * The resources of a template with everything in place that it tells by other means: parameters, look-ups in mappings and
 * the branch of a choice. What changes there changes the resources. What only the deployment tells stays as it is written;
 * what a condition leaves out is not among them.
 *
 * @param changed - parameters that change: where nobody tells what one becomes, it is not what it was
 */
export function resourcesOf(
  template: Part,
  given: Given = new Map(),
  changed: ReadonlySet<string> = new Set(),
): Resources {
  const parameters = section(template, 'Parameters');
  const mappings = section(template, 'Mappings');
  const valueOf = (name: string): unknown => {
    const parameter = parameters[name];
    if (!isObject(parameter)) return undefined;
    return told(parameter, name, given) ?? (changed.has(name) ? { 'Fn::Changed': name } : undefined);
  };
  const conditions: Record<string, unknown> = {};
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve).filter((one) => !isAbsent(one));
    if (!isObject(value)) return value;
    const { Ref: reference, 'Fn::FindInMap': look, 'Fn::If': choice, 'Fn::Sub': text } = value;
    if (typeof reference === 'string') return valueOf(reference) ?? value;
    if (Array.isArray(look)) return lookUp(look.map(resolve), mappings);
    if (Array.isArray(choice)) return choose(choice, conditions, resolve);
    if (text !== undefined) return { 'Fn::Sub': substitute(text, valueOf, resolve) };
    const inner = Object.entries(value).map(([key, one]) => [key, resolve(one)] as const);
    return Object.fromEntries(inner.filter(([, one]) => !isAbsent(one)));
  };
  Object.assign(conditions, resolve(section(template, 'Conditions')));
  const made = Object.entries(resolve(section(template, 'Resources')) as Resources & Part).filter(
    ([, resource]) => !isObject(resource) || holds(resource.Condition, conditions) !== false,
  );
  return Object.fromEntries(made);
}

function section(template: Part, name: string): Part {
  const part = template[name];
  return isObject(part) ? part : {};
}

/** What a parameter is, as far as anybody tells; one that is kept in SSM is told by its name there. */
function told({ Type, Default }: Part, name: string, given: Given): unknown {
  const type = String(Type);
  const value = given.has(name) ? given.get(name) : Default;
  if (value === undefined) return undefined;
  if (!given.has(name) && type.startsWith('AWS::SSM::')) return `{{resolve:ssm:${show(value)}}}`;
  return /List\b/.test(type)
    ? show(value)
        .split(',')
        .map((one) => one.trim())
    : value;
}

function lookUp(look: readonly unknown[], mappings: Part): unknown {
  const [mapping, ...keys] = look;
  let held: unknown = mappings[String(mapping)];
  for (const key of keys.slice(0, 2)) {
    // What only the deployment knows chooses among all of them.
    if (typeof key !== 'string') return { 'Fn::FindInMap': [mapping, ...keys, held] };
    held = isObject(held) ? held[key] : undefined;
  }
  return held ?? { 'Fn::FindInMap': look };
}

function choose([condition, yes, no]: readonly unknown[], conditions: Part, resolve: Resolve): unknown {
  const chosen = holds(condition, conditions);
  if (chosen !== undefined) return resolve(chosen ? yes : no);
  return { 'Fn::If': [condition, resolve(yes), resolve(no)] };
}

/** A text with its parameters in place, apart from those that the text itself has other values for. */
function substitute(text: unknown, valueOf: (name: string) => unknown, resolve: Resolve): unknown {
  const [pattern, own] = Array.isArray(text) ? (text as readonly unknown[]) : [text];
  const filled = String(pattern).replace(/\$\{([\w:]+)\}/g, (whole, name: string) => {
    const value = isObject(own) && name in own ? undefined : valueOf(name);
    return value === undefined ? whole : show(value);
  });
  return own === undefined ? filled : [filled, resolve(own)];
}

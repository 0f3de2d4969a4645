import { isObject, isSame, listOf } from './values';

type Operators = Readonly<Record<string, (parts: readonly unknown[], decide: Decide) => boolean | undefined>>;
type Decide = (condition: unknown) => boolean | undefined;

const OPERATORS: Operators = {
  'Fn::And': (parts, decide) => every(parts.map(decide)),
  'Fn::Equals': ([one, other]) => (isObject(one) || isObject(other) ? undefined : isSame(one, other)),
  'Fn::Not': ([one], decide) => not(decide(one)),
  'Fn::Or': (parts, decide) => not(every(parts.map((one) => not(decide(one))))),
};

/**
 * Whether a condition of a template holds, its parameters put in place; undefined where only the deployment tells.
 *
 * @param conditions - those of the template, by name
 */
export function holds(name: unknown, conditions: Readonly<Record<string, unknown>>): boolean | undefined {
  const decide: Decide = (condition) => {
    if (!isObject(condition)) return undefined;
    const [operator = '', of] = Object.entries(condition)[0] ?? [];
    if (operator === 'Condition') return decide(conditions[String(of)]);
    return OPERATORS[operator]?.(listOf(of), decide);
  };
  return decide(conditions[String(name)]);
}

function not(one: boolean | undefined): boolean | undefined {
  return one === undefined ? undefined : !one;
}

function every(these: readonly (boolean | undefined)[]): boolean | undefined {
  if (these.includes(false)) return false;
  return these.includes(undefined) ? undefined : true;
}

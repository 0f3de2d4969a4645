import { isAbsent, isIntrinsic, isObject, listOf, show } from './values';

/** The steps to a value within another, such as `Replicas`, `us-east-1`, `KinesisStreamSpecification`. */
export type Place = readonly string[];

/** What tells the elements of a list apart, such as an event's targets. */
const NAMES = ['Id', 'Name', 'SID', 'RuleName', 'Region'] as const;

/** The name of an element of a list: its own or itself, which the order does not change, or else its number. */
export function nameOf(element: unknown, index: number): string {
  if (typeof element === 'string' || isIntrinsic(element)) return show(element);
  const own = isObject(element) ? NAMES.map((name) => element[name]).find(Boolean) : undefined;
  return own === undefined ? String(index) : show(own);
}

/** Every place of a value that a pattern means: one, or one for each element where a step is `*`. */
export function placesOf(value: unknown, [step, ...others]: Place): readonly Place[] {
  if (step === undefined) return [[]];
  const steps = step === '*' ? listOf(value).map(nameOf) : [step];
  return steps.flatMap((one) => placesOf(inner(value, one), others).map((rest) => [one, ...rest]));
}

/** What stands at a place; where only the deployment tells, what it is told by. */
export function valueAt(value: unknown, place: Place): unknown {
  return place.reduce(inner, value);
}

function inner(value: unknown, step: string): unknown {
  if (isIntrinsic(value)) return value;
  const found = Array.isArray(value)
    ? (value as readonly unknown[]).find((one, index) => nameOf(one, index) === step)
    : isObject(value)
      ? value[step]
      : undefined;
  return isAbsent(found) ? undefined : found;
}

import { isIntrinsic, isObject, listOf, show } from './values';

/** One key that a condition compares, and with what. */
export interface Comparison {
  /** Such as `ArnLike`; empty where a permission has it as a property, or only the deployment tells. */
  readonly operator: string;
  /** Such as `aws:SourceArn`. */
  readonly key: string;
  /** What with; references by the name of what they refer to. */
  readonly values: readonly string[];
}

/** Ways to compare that let through who has another value, or none. */
const LOOSE = /Not|IfExists$|^Null$|^ForAllValues:/i;
const ANYTHING = /^(?:[*?]|arn:\*)/;

/** Every comparison of a condition, as a grant has it. */
export function comparisonsIn(condition: string): readonly Comparison[] {
  const walk = (value: unknown, operator: string): readonly Comparison[] =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, one]) =>
          isObject(one) && !isIntrinsic(one)
            ? walk(one, key)
            : [{ operator, key, values: listOf(one).map(show) }],
        )
      : [];
  return walk(condition === '' ? undefined : JSON.parse(condition), '');
}

/** Whether a comparison keeps anybody out. */
export function keepsOut({ operator, values }: Comparison): boolean {
  return !LOOSE.test(operator) && !values.some((value) => ANYTHING.test(value));
}

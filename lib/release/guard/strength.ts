import { isCustomerKey } from '../../gate/template-rules/values';
import { listOf } from './values';

/** How strongly a setting protects, the more the stronger; undefined where the template does not tell. */
export type Strength = (value: unknown) => number | undefined;

/** Settings by what they protect, the weakest first; each level holds those that are worth the same. */
export function ranked(...levels: readonly (readonly unknown[])[]): Strength {
  return (value) => {
    const level = levels.findIndex((same) => same.includes(value));
    // Nothing is stronger than the last, not even what only the deployment tells.
    return level === -1 ? undefined : level === levels.length - 1 ? Infinity : level;
  };
}

/** What protects while it is on, and is off where nothing is written. */
export const on = ranked([undefined, false, 'false'], [true, 'true']);

/** What protects while it is on, and is on where nothing is written. */
export const onByItself = ranked([false, 'false'], [undefined, true, 'true']);

/** What protects while it is off, and is off where nothing is written. */
export const off = ranked([true, 'true'], [undefined, false, 'false']);

/** What protects by being there, whatever it says. */
export const there: Strength = (value) => (listOf(value).length === 0 ? 0 : Infinity);

/** What protects as a key of one's own, and not as one that AWS keeps. */
export const ownKey: Strength = (value) => (isCustomerKey(value) ? Infinity : 0);

/** Days after which something is renewed: the fewer the better, and none where nothing is written. */
export const often: Strength = (value) => {
  const days = Number(value);
  return value === undefined ? 0 : Number.isNaN(days) ? undefined : 1 / days;
};

/** A time that protects by its length; `absent` is what AWS takes where nothing is written. */
export function long(absent: number): Strength {
  return (value) => {
    const time = value === undefined ? absent : Number(value);
    return Number.isNaN(time) ? undefined : time;
  };
}

/** The days of a default retention of S3's object lock, which may be written as years. */
export const locked: Strength = (value) => {
  const { Days, Years } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const days = Days ?? (Years === undefined ? 0 : Number(Years) * 365);
  return value !== undefined && Days === undefined && Years === undefined ? undefined : long(0)(days);
};

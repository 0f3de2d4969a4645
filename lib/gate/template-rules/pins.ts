import { choices, show } from '../../release/guard/values';
import { type Json, record } from './values';

/** Operators that a caller without the key never passes; `ForAllValues` and `IfExists` let such a one through. */
const OPERATOR = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i;
/** Keys that tell whose the caller is, or the resource that a service acts for. */
const KEY =
  /^(?:aws:(?:Principal(?:Arn|Account|OrgID)|Source(?:Arn|Account|Owner|OrgID))|kms:CallerAccount)$/i;

/**
 * Whether a value names an account, an organisation or an ARN that is somebody's: wildcards may stand in the rest of an ARN,
 * and in none that has no account, as a bucket's has.
 */
export function isPinned(value: unknown): boolean {
  const values = choices(value);
  return values.length > 0 && values.every((one) => namesOwner(show(one).replace(/\$\{[^}]*\}/g, 'x')));
}

function namesOwner(text: string): boolean {
  if (!text.startsWith('arn:')) return text !== '' && !/[*?]/.test(text);
  const [, , , , account = '', ...resource] = text.split(':');
  const owner = account === '' ? (resource.join(':').split('/')[0] ?? '') : account;
  return owner !== '' && !/[*?]/.test(owner);
}

/** What a condition asks of its keys so that none who lacks one passes, by each key that is asked for. */
export function demands(condition: Json, wanted: RegExp): readonly unknown[] {
  return Object.entries(condition)
    .filter(([operator]) => OPERATOR.test(operator))
    .flatMap(([, keys]) => Object.entries(record(keys)))
    .filter(([key]) => wanted.test(key))
    .map(([, values]) => values);
}

/** The values by which a condition names whose the caller is, one for each key that it asks for. */
export function pinsIn(condition: Json): readonly unknown[] {
  return demands(condition, KEY).filter(isPinned);
}

/** Whether a condition lets nobody through whose account, organisation or ARN it does not name. */
export function pinsCaller(condition: Json): boolean {
  return pinsIn(condition).length > 0;
}

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

/** Whether a condition lets nobody through whose account, organisation or ARN it does not name. */
export function pinsCaller(condition: Json): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      OPERATOR.test(operator) &&
      Object.entries(record(keys)).some(([key, values]) => KEY.test(key) && isPinned(values)),
  );
}

import { isBoundless } from './boundless';
import { credentialsMade } from './credentials';
import { covers, type Grant, grantsOf, grantWords } from './grants';
import { holdersOf, isThere, lends } from './holders';
import type { ChangeSet, Found, Resources, TemplateResource } from './model';
import { membersAdded, membersLost } from './membership';
import { isForOutsiders } from './outsiders';
import { attached, detached, shed } from './reach';
import { cast, recast } from './roles';
import { unsourced } from './sources';
import { show } from './values';

/**
 * What may be done after a change set that may not be done now: statements that allow more, denials and boundaries that
 * go, a policy that takes hold of another principal or resource that is there, another role for what runs, a role that is there for
 * what is new, a key or a password. A new principal with powers of its own is not broadened, unless they are without bounds;
 * a new policy on a principal that is there is, and what somebody may use who is outside of the accounts that may be
 * trusted: a role, or a resource by a policy of its own.
 */
export function iamChanges(
  set: ChangeSet,
  { accounts }: { readonly accounts: readonly string[] },
): readonly Found[] {
  const { changes, before, after } = set;
  return changes.flatMap(({ id, action }) => {
    const was = before[id];
    const is = after[id];
    if (action === 'Remove')
      return was ? [...lifted(id, grantsOf(was), []), ...membersLost(id, was, undefined, set)] : [];
    if (!is) return [];
    if (!was)
      return once([
        ...added(id, is, set),
        ...opened(id, is, after, accounts),
        ...unsourced(id, is, set),
        ...membersAdded(id, is, set),
        ...(lends(is) ? attached(id, undefined, is, set) : cast(id, is, set)),
        ...credentialsMade(id, undefined, is),
      ]);
    const grants = grantsOf(was);
    return [
      ...allowed(id, grants, grantsOf(is)),
      ...lifted(id, grants, grantsOf(is)),
      ...unbound(id, was, is),
      ...attached(id, was, is, set),
      ...detached(id, was, is, set),
      ...shed(id, was, is, set),
      ...membersAdded(id, is, set),
      ...membersLost(id, was, is, set),
      ...recast(id, was, is),
      ...credentialsMade(id, was, is),
    ];
  });
}

function allowed(id: string, before: readonly Grant[], after: readonly Grant[]): Found[] {
  return unique(
    after.filter((grant) => grant.effect === 'Allow' && !before.some((known) => covers(known, grant))),
  ).map((grant) => found(id, grantWords(grant), `It would newly ${grantWords(grant)}.`));
}

function lifted(id: string, before: readonly Grant[], after: readonly Grant[]): Found[] {
  return unique(
    before.filter((grant) => grant.effect === 'Deny' && !after.some((known) => covers(known, grant))),
  ).map((grant) => found(id, `lift: ${grantWords(grant)}`, `It would no longer ${grantWords(grant)}.`));
}

function unbound(id: string, was: TemplateResource, is: TemplateResource): Found[] {
  const [old, now] = [was.Properties?.PermissionsBoundary, is.Properties?.PermissionsBoundary].map(show);
  if (old === now || was.Properties?.PermissionsBoundary === undefined) return [];
  return [
    found(id, 'change the boundary', `Its permissions boundary ${old ?? ''} becomes ${now || 'none'}.`),
  ];
}

function added(id: string, resource: TemplateResource, set: ChangeSet): Found[] {
  const grants = grantsOf(resource).filter(({ effect }) => effect === 'Allow');
  const existing = holdersOf(resource).some((holder) => isThere(holder, set));
  return allowed(id, [], existing ? grants : grants.filter(isBoundless));
}

/** Who from outside may take a new role, or use what is new or comes under a new policy of its own. */
function opened(
  id: string,
  resource: TemplateResource,
  after: Resources,
  accounts: readonly string[],
): Found[] {
  const outside = grantsOf(resource).filter(
    (grant) => grant.effect === 'Allow' && !isBoundless(grant) && isForOutsiders(grant, after, accounts),
  );
  return allowed(id, [], outside);
}

function once(these: readonly Found[]): readonly Found[] {
  return [...new Map(these.map((one) => [one.change, one])).values()];
}

function unique(grants: readonly Grant[]): readonly Grant[] {
  return [...new Map(grants.map((grant) => [grantWords(grant), grant])).values()];
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'iam', id, change, words };
}

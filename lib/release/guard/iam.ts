import { covers, type Grant, grantsOf, grantWords } from './grants';
import type { ChangeSet, Found, Resources, TemplateResource } from './model';
import { listOf, referencesIn, show } from './values';

/**
 * What may be done after a change set that may not be done now: statements that allow more, denials and boundaries that
 * go. A new principal with powers of its own is not broadened, unless they are without bounds; a new policy on a
 * principal that is there is.
 */
export function iamChanges({ changes, before, after }: ChangeSet): readonly Found[] {
  return changes.flatMap(({ id, action }) => {
    const was = before[id];
    const is = after[id];
    if (action === 'Remove') return was ? lifted(id, grantsOf(was), []) : [];
    if (!is) return [];
    if (!was) return added(id, is, before);
    const grants = grantsOf(was);
    return [
      ...allowed(id, grants, grantsOf(is)),
      ...lifted(id, grants, grantsOf(is)),
      ...unbound(id, was, is),
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

function added(id: string, resource: TemplateResource, before: Resources): Found[] {
  const grants = grantsOf(resource).filter(({ effect }) => effect === 'Allow');
  const { Roles, Users, Groups } = resource.Properties ?? {};
  const attached = [Roles, Users, Groups].flatMap(listOf);
  // A name that is written out belongs to a principal of somewhere else, which is there already.
  const existing = attached.some(
    (principal) => typeof principal === 'string' || [...referencesIn(principal)].some((one) => before[one]),
  );
  return allowed(id, [], existing ? grants : grants.filter(boundless));
}

/**
 * Everything of a service on everything, or anybody from anywhere. Where a policy names principals it is a resource's own,
 * such as a key's, and its `*` is that resource.
 */
function boundless({ action, resource, principal, condition }: Grant): boolean {
  const anyAction = action === '*' || action.endsWith(':*') || action.startsWith('everything but');
  const anyResource = resource === '*' || resource.startsWith('everything but');
  const anybody = ['*', 'AWS *'].includes(principal) || principal.startsWith('everything but');
  return condition === '' && ((principal === '' && anyAction && anyResource) || anybody);
}

function unique(grants: readonly Grant[]): readonly Grant[] {
  return [...new Map(grants.map((grant) => [grantWords(grant), grant])).values()];
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'iam', id, change, words };
}

import { grantsOf, grantWords } from './grants';
import { goes, holdersOf, isThere } from './holders';
import type { ChangeSet, Found, Resources, TemplateResource } from './model';
import { identityOf, subjectsOf } from './subjects';
import { listOf, referent, show } from './values';

/** AWS's own policies that deny: all the others allow alone. */
const DENIES = /:iam::aws:policy\/AWS(DenyAll|CompromisedKeyQuarantine)/;
const OF_AWS = ':iam::aws:policy/';

/** Principals and resources that are there already and that a policy did not hold for until now. */
export function attached(
  id: string,
  was: TemplateResource | undefined,
  is: TemplateResource,
  set: ChangeSet,
): readonly Found[] {
  const grants = grantsOf(is);
  if (grants.length > 0 && grants.every(({ effect }) => effect === 'Deny')) return [];
  const held = new Set(was && reachOf(was, set.before).keys());
  return [...reachOf(is, set.after)]
    .filter(([identity, one]) => !held.has(identity) && isThere(one, set))
    .map(([, one]) => found(id, `attach to ${show(one)}`, `It would newly hold for ${show(one)}.`));
}

/** Denials that stay in their policy and no longer hold for somebody or something that stays. */
export function detached(
  id: string,
  was: TemplateResource,
  is: TemplateResource,
  set: ChangeSet,
): readonly Found[] {
  const holds = reachOf(is, set.after);
  const denials = denialsOf(was);
  return [...reachOf(was, set.before)]
    .filter(([identity, one]) => !holds.has(identity) && !goes(one, set))
    .flatMap(([, one]) =>
      denials.map((denial) =>
        found(id, `lift from ${show(one)}: ${denial}`, `It would no longer ${denial} for ${show(one)}.`),
      ),
    );
}

/** Policies that a principal lets go and that deny something, or of which no template here tells whether they do. */
export function shed(
  id: string,
  was: TemplateResource,
  is: TemplateResource,
  { before, after }: ChangeSet,
): readonly Found[] {
  const kept = new Set(listOf(is.Properties?.ManagedPolicyArns).map(show));
  return listOf(was.Properties?.ManagedPolicyArns).flatMap((arn) => {
    const name = show(arn);
    if (kept.has(name)) return [];
    const policy = referent(arn) ?? '';
    if (before[policy])
      // One that goes is told of for itself.
      return after[policy] === undefined
        ? []
        : denialsOf(before[policy]).map((denial) =>
            found(
              id,
              `lift from ${show({ Ref: id })}: ${denial}`,
              `It would no longer ${denial}, as ${name} does.`,
            ),
          );
    if (name.includes(OF_AWS) && !DENIES.test(name)) return [];
    const words = `${name} would no longer hold for it, and no template here tells that it denies nothing.`;
    return [found(id, `detach ${name}`, words)];
  });
}

/** Whom and what a policy holds for, by what tells them apart. */
export function reachOf(resource: TemplateResource, resources: Resources): ReadonlyMap<string, unknown> {
  const all = [...holdersOf(resource), ...subjectsOf(resource, resources)];
  return new Map(all.map((one) => [identityOf(one, resources), one]));
}

/** Everything that the policies of a resource deny, in words. */
export function denialsOf(resource: TemplateResource): readonly string[] {
  const denials = grantsOf(resource).filter(({ effect }) => effect === 'Deny');
  return [...new Set(denials.map(grantWords))];
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'iam', id, change, words };
}

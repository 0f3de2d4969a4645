import { goes, isThere } from './holders';
import type { ChangeSet, Found, Resources, TemplateResource } from './model';
import { denialsOf, reachOf } from './reach';
import { identityOf } from './subjects';
import { listOf, referent, show } from './values';

/** One user in one group, as the template names them. */
interface Member {
  readonly user: unknown;
  readonly group: unknown;
}

/**
 * Users that come into a group by a change set, and so come by its powers. A new user in a new group does not count: what
 * they may do stands in the template.
 */
export function membersAdded(id: string, is: TemplateResource, set: ChangeSet): readonly Found[] {
  const known = new Set((set.before[id] ? membersIn(id, set.before[id]) : []).map(words));
  return membersIn(id, is)
    .filter((member) => !known.has(words(member)))
    .filter(({ user, group }) => isThere(user, set) || isThere(group, set))
    .map((member) => found(id, words(member), `It would ${words(member)}, with all that the group may do.`));
}

/**
 * Users that leave a group by a change set, and so what it denies them. One that goes itself does not count, nor a group
 * that allows alone; what a group of another stack denies no template here tells.
 *
 * @param is - what becomes of the resource; undefined where it goes
 */
export function membersLost(
  id: string,
  was: TemplateResource,
  is: TemplateResource | undefined,
  set: ChangeSet,
): readonly Found[] {
  const { before } = set;
  const kept = new Set((is ? membersIn(id, is) : []).map(words));
  return membersIn(id, was)
    .filter((member) => !kept.has(words(member)))
    .filter(({ user }) => !goes(user, set))
    .flatMap((member) => {
      const { user, group } = member;
      const change = `take ${show(user)} out of the group ${show(group)}`;
      if (before[referent(group) ?? ''] === undefined)
        return [found(id, change, `It would ${change}, and no template here tells what that denies.`)];
      const denials = denialsFor(group, before);
      return denials.length === 0
        ? []
        : [
            found(
              id,
              change,
              `It would ${change}, which would no longer ${denials.join('; ')} for the user.`,
            ),
          ];
    });
}

/** What a group of the template denies, by itself and by the policies that are attached to it. */
function denialsFor(group: unknown, resources: Resources): readonly string[] {
  const identity = identityOf(group, resources);
  const attached = Object.values(resources).filter((one) => reachOf(one, resources).has(identity));
  const own = resources[referent(group) ?? ''];
  const named = listOf(own?.Properties?.ManagedPolicyArns).flatMap(
    (arn) => resources[referent(arn) ?? ''] ?? [],
  );
  return [...new Set([...(own ? [own] : []), ...attached, ...named].flatMap(denialsOf))];
}

function membersIn(id: string, { Type, Properties = {} }: TemplateResource): readonly Member[] {
  if (Type === 'AWS::IAM::User')
    return listOf(Properties.Groups).map((group) => ({ user: { Ref: id }, group }));
  if (Type !== 'AWS::IAM::UserToGroupAddition') return [];
  return listOf(Properties.Users).map((user) => ({ user, group: Properties.GroupName }));
}

function words({ user, group }: Member): string {
  return `put ${show(user)} into the group ${show(group)}`;
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'iam', id, change, words };
}

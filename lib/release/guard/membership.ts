import type { ChangeSet, Found, TemplateResource } from './model';
import { isThere } from './holders';
import { listOf, show } from './values';

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
    .map((member) => ({
      ...{ kind: 'iam', id, change: words(member) },
      words: `It would ${words(member)}, with all that the group may do.`,
    }));
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

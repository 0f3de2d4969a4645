import type { ChangeSet, TemplateResource } from './model';
import { isObject, listOf } from './values';

const PRINCIPALS: readonly string[] = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** Types that name the groups that they are in, or who comes into one: `membersAdded` tells of these. */
const MEMBERS: readonly string[] = ['AWS::IAM::User', 'AWS::IAM::UserToGroupAddition'];

/** Types that are one policy of one principal, with the property that names it. */
const OF_ONE: Readonly<Record<string, string>> = {
  'AWS::IAM::GroupPolicy': 'GroupName',
  'AWS::IAM::RolePolicy': 'RoleName',
  'AWS::IAM::UserPolicy': 'UserName',
};

/** The principals that a policy is attached to. */
export function holdersOf({ Type, Properties = {} }: TemplateResource): readonly unknown[] {
  const { Roles, Users, Groups } = Properties;
  const one = OF_ONE[Type];
  if (one !== undefined) return listOf(Properties[one]);
  return MEMBERS.includes(Type) ? [] : [Roles, Users, Groups].flatMap(listOf);
}

/**
 * Whether a principal is there before the change set: all but one that the same change set makes. A stack that is created
 * itself brings what its imported roles are for, so there those do not count.
 */
export function isThere(principal: unknown, { before, after }: ChangeSet): boolean {
  if (!isObject(principal)) return true;
  const { Ref: id } = principal;
  if (typeof id === 'string') return before[id] !== undefined || !PRINCIPALS.includes(after[id]?.Type ?? '');
  return principal['Fn::ImportValue'] === undefined || Object.keys(before).length > 0;
}

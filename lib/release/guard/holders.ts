import type { ChangeSet, TemplateResource } from './model';
import { isNamed } from './subjects';
import { isIntrinsic, isObject, listOf, referent } from './values';

/** Types that name the groups that they are in, or who comes into one: `membersAdded` tells of these. */
const MEMBERS: readonly string[] = ['AWS::IAM::User', 'AWS::IAM::UserToGroupAddition'];

/** Types that are one policy of one principal, with the property that names it. */
const OF_ONE: Readonly<Record<string, string>> = {
  'AWS::IAM::GroupPolicy': 'GroupName',
  'AWS::IAM::RolePolicy': 'RoleName',
  'AWS::IAM::UserPolicy': 'UserName',
};

/** Types that lend the roles they name to whatever uses them. */
const LENDERS: readonly string[] = ['AWS::Cognito::IdentityPoolRoleAttachment', 'AWS::IAM::InstanceProfile'];

/** Whether something holds no policy and passes on what its roles may do. */
export function lends({ Type }: TemplateResource): boolean {
  return LENDERS.includes(Type);
}

/** The principals that a policy is attached to, or that are lent. */
export function holdersOf({ Type, Properties = {} }: TemplateResource): readonly unknown[] {
  const { Roles, Users, Groups } = Properties;
  const one = OF_ONE[Type];
  if (one !== undefined) return listOf(Properties[one]);
  return MEMBERS.includes(Type) ? [] : [Roles, Users, Groups].flatMap(oneOrEach);
}

/**
 * Whether a principal or a resource is there before the change set: all but one that the same change set makes. Another alias
 * of a function that is there is there as well. A stack that is created itself brings what its imported roles are for, so
 * there those do not count.
 */
export function isThere(one: unknown, set: ChangeSet): boolean {
  if (!isObject(one)) return true;
  const { before, after } = set;
  const id = referent(one);
  if (id === undefined) return one['Fn::ImportValue'] === undefined || Object.keys(before).length > 0;
  if (before[id] !== undefined || !isNamed(after[id])) return true;
  const { Type, Properties } = after[id] ?? {};
  return Type === 'AWS::Lambda::Alias' && isThere(Properties?.FunctionName, set);
}

/** Whether what a value names leaves the stack by the change set, so that nothing more is denied to it or lost by it. */
export function goes(one: unknown, { before, after }: ChangeSet): boolean {
  const id = referent(one) ?? '';
  return before[id] !== undefined && after[id] === undefined;
}

/** Those of an identity pool stand by the name of who takes them. */
function oneOrEach(value: unknown): readonly unknown[] {
  return isObject(value) && !isIntrinsic(value) ? Object.values(value) : listOf(value);
}

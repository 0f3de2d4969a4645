import type { ChangeSet, TemplateResource } from './model';
import { isIntrinsic, isObject, listOf, referent } from './values';

const PRINCIPALS: readonly string[] = [
  'AWS::IAM::Group',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::Role',
  'AWS::IAM::User',
];

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
 * Whether a principal is there before the change set: all but one that the same change set makes. A stack that is created
 * itself brings what its imported roles are for, so there those do not count.
 */
export function isThere(principal: unknown, { before, after }: ChangeSet): boolean {
  if (!isObject(principal)) return true;
  const id = referent(principal);
  if (id !== undefined) return before[id] !== undefined || !PRINCIPALS.includes(after[id]?.Type ?? '');
  return principal['Fn::ImportValue'] === undefined || Object.keys(before).length > 0;
}

/** Those of an identity pool stand by the name of who takes them. */
function oneOrEach(value: unknown): readonly unknown[] {
  return isObject(value) && !isIntrinsic(value) ? Object.values(value) : listOf(value);
}

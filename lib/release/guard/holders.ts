import type { ChangeSet, TemplateResource } from './model';
import { isObject, listOf } from './values';

const PRINCIPALS: readonly string[] = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** The principals that a policy is attached to. */
export function holdersOf({
  Properties: { Roles, Users, Groups } = {},
}: TemplateResource): readonly unknown[] {
  return [Roles, Users, Groups].flatMap(listOf);
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

import type { TemplateResource } from '../../../lib/release/guard/model';
import { change, findings, modified } from '../support/change-sets';

test('who comes into a group needs leave, unless both are new', () => {
  const group: TemplateResource = { Type: 'AWS::IAM::Group' };
  const user: TemplateResource = { Type: 'AWS::IAM::User' };
  const adding = (GroupName: unknown, ...Users: unknown[]): TemplateResource => ({
    Type: 'AWS::IAM::UserToGroupAddition',
    Properties: { GroupName, Users },
  });
  const there = { Group: group, User: user };
  const fresh = { NewGroup: group, NewUser: user };
  const added = (is: TemplateResource) =>
    findings([change({ action: 'Add' })], there, { ...there, ...fresh, It: is });
  expect(added(adding('admins', 'somebody'))).toEqual(['put somebody into the group admins']);
  expect(added(adding({ Ref: 'Group' }, { Ref: 'NewUser' }))).toHaveLength(1);
  expect(added(adding({ Ref: 'NewGroup' }, { Ref: 'User' }))).toHaveLength(1);
  expect(added(adding({ Ref: 'NewGroup' }, { Ref: 'NewUser' }))).toEqual([]);
  expect(added({ Type: 'AWS::IAM::User', Properties: { Groups: ['admins'] } })).toEqual([
    'put ${It} into the group admins',
  ]);
  expect(modified(adding('admins', 'one'), adding('admins', 'one', 'two'))).toEqual([
    'put two into the group admins',
  ]);
});

import type { Resources, TemplateResource } from '../../../lib/release/guard/model';
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

describe('who leaves a group', () => {
  const denial = { Effect: 'Deny', Action: 's3:*', Resource: '*' };
  const policies = (statement: object) => [{ PolicyName: 'p', PolicyDocument: { Statement: [statement] } }];
  const group = (Properties: object = {}): TemplateResource => ({
    Type: 'AWS::IAM::Group',
    Properties: { ...Properties },
  });
  const user = (...Groups: unknown[]): TemplateResource => ({
    Type: 'AWS::IAM::User',
    Properties: { Groups },
  });
  const attached: TemplateResource = {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Groups: [{ Ref: 'Group' }], PolicyDocument: { Statement: [denial] } },
  };
  const left = (Group: TemplateResource, more: Resources = {}) => {
    const there = { Group, ...more };
    return findings(
      [change({ type: 'AWS::IAM::User' })],
      { ...there, It: user({ Ref: 'Group' }) },
      { ...there, It: user() },
    );
  };
  const words = 'take ${It} out of the group ${Group}';

  test('needs leave where the group denies something, wherever that is written', () => {
    expect(left(group({ Policies: policies(denial) }))).toEqual([words]);
    expect(left(group(), { Attached: attached })).toEqual([words]);
    expect(
      left(group({ ManagedPolicyArns: [{ Ref: 'Held' }] }), {
        Held: { ...attached, Properties: { ...attached.Properties, Groups: [] } },
      }),
    ).toEqual([words]);
  });

  test('needs leave where no template tells what the group denies, also by an addition that goes', () => {
    const adding = {
      Type: 'AWS::IAM::UserToGroupAddition',
      Properties: { GroupName: 'bounded', Users: ['one'] },
    };
    expect(modified(adding, { ...adding, Properties: { ...adding.Properties, Users: [] } })).toEqual([
      'take one out of the group bounded',
    ]);
    expect(findings([change({ type: adding.Type, action: 'Remove' })], { It: adding }, {})).toEqual([
      'take one out of the group bounded',
    ]);
  });

  test('needs none where the group allows alone, or the user goes', () => {
    expect(left(group({ Policies: policies({ ...denial, Effect: 'Allow' }) }))).toEqual([]);
    const there = { Group: group({ Policies: policies(denial) }) };
    expect(
      findings(
        [change({ type: 'AWS::IAM::User', action: 'Remove' })],
        { ...there, It: user({ Ref: 'Group' }) },
        there,
      ),
    ).toEqual([]);
  });
});

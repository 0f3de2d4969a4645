import type { Resources, TemplateResource } from '../../../lib/release/guard/model';
import { change, findings, IMPORTED } from '../support/change-sets';

const moved = (was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>) =>
  findings(
    [change({})],
    { It: { Type: 'AWS::Events::Rule', Properties: was } },
    { It: { Type: 'AWS::Events::Rule', Properties: is } },
  );
const target = (Id: string, RoleArn: string) => ({ Id, Arn: 'arn:target', RoleArn });

test('another role of what is there needs leave, also where it stands deeper', () => {
  expect(moved({ ServiceRole: 'one' }, { ServiceRole: 'two' })).toEqual(['take ServiceRole two']);
  expect(moved({ RoleARN: 'one' }, { RoleARN: 'two' })).toEqual(['take RoleARN two']);
  expect(moved({ Targets: [target('a', 'one')] }, { Targets: [target('a', 'two')] })).toEqual([
    'take Targets.a.RoleArn two',
  ]);
});

test('a role more in a profile of IAM Roles Anywhere needs leave', () => {
  const [one, two] = ['arn:one', 'arn:two'];
  expect(moved({ RoleArns: [one] }, { RoleArns: [one, two] })).toEqual([
    'take RoleArns ["arn:one","arn:two"]',
  ]);
  expect(moved({ RoleArns: [one] }, { RoleArns: [one], Enabled: true })).toEqual([]);
});

test('another order of the same targets needs none', () => {
  const [a, b] = [target('a', 'one'), target('b', 'two')];
  expect(moved({ Targets: [a, b] }, { Targets: [b, a] })).toEqual([]);
});

describe('what is new on a role', () => {
  const ROLE: TemplateResource = { Type: 'AWS::IAM::Role', Properties: {} };
  const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const added = (
    Type: string,
    Properties: TemplateResource['Properties'],
    before: Resources = { Api: ROLE },
  ) =>
    findings([change({ action: 'Add', type: Type })], before, {
      ...before,
      New: ROLE,
      NewProfile: { Type: 'AWS::IAM::InstanceProfile' },
      It: { Type, Properties: Properties! },
    });

  test.each([
    ['AWS::Lambda::Function', { Role: arn('Api') }, 'take Role ${Api.Arn}'],
    ['AWS::Lambda::Function', { Role: { 'Fn::GetAtt': 'Api.Arn' } }, 'take Role ${Api.Arn}'],
    ['AWS::ECS::TaskDefinition', { TaskRoleArn: { Ref: 'Api' } }, 'take TaskRoleArn ${Api}'],
    ['AWS::CodeBuild::Project', { ServiceRole: { Ref: 'Api' } }, 'take ServiceRole ${Api}'],
    [
      'AWS::Events::Rule',
      { Targets: [{ Id: 'a', RoleArn: arn('Api') }] },
      'take Targets.a.RoleArn ${Api.Arn}',
    ],
    ['AWS::ApiGatewayV2::Integration', { CredentialsArn: arn('Api') }, 'take CredentialsArn ${Api.Arn}'],
    ['AWS::Lambda::Function', { Role: IMPORTED }, 'take Role {"Fn::ImportValue":"Prod-Auth:ApiRole"}'],
    ['AWS::Lambda::Function', { Role: { Ref: 'Parameter' } }, 'take Role ${Parameter}'],
    [
      'AWS::Lambda::Function',
      { Role: 'arn:aws:iam::111122223333:role/written-out' },
      'take Role arn:aws:iam::111122223333:role/written-out',
    ],
    [
      'AWS::Lambda::Function',
      { Role: { 'Fn::If': ['C', arn('New'), arn('Api')] } },
      'take Role {"Fn::If":["C",{"Fn::GetAtt":["New","Arn"]},{"Fn::GetAtt":["Api","Arn"]}]}',
    ],
    [
      'AWS::EC2::LaunchTemplate',
      { LaunchTemplateData: { IamInstanceProfile: { Arn: arn('Profile') } } },
      'take LaunchTemplateData.IamInstanceProfile ${Profile.Arn}',
    ],
    ['AWS::IAM::InstanceProfile', { Roles: [{ Ref: 'Api' }] }, 'attach to ${Api}'],
    [
      'AWS::Cognito::IdentityPoolRoleAttachment',
      { Roles: { authenticated: arn('Api') } },
      'attach to ${Api.Arn}',
    ],
  ])('%s needs leave where the role is there (%j)', (type, properties, words) => {
    expect(added(type, properties)).toEqual([words]);
  });

  test.each([
    ['AWS::Lambda::Function', { Role: arn('New') }],
    ['AWS::ECS::TaskDefinition', { TaskRoleArn: arn('New'), ExecutionRoleArn: { Ref: 'AWS::NoValue' } }],
    [
      'AWS::EC2::LaunchTemplate',
      { LaunchTemplateData: { IamInstanceProfile: { Name: { Ref: 'NewProfile' } } } },
    ],
    ['AWS::IAM::InstanceProfile', { Roles: [{ Ref: 'New' }] }],
    ['AWS::Cognito::IdentityPoolRoleAttachment', { Roles: { authenticated: arn('New') } }],
    [
      'AWS::ApplicationAutoScaling::ScalableTarget',
      {
        RoleARN: {
          'Fn::Sub':
            'arn:aws:iam::${AWS::AccountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRole',
        },
      },
    ],
    ['AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'Function' } }],
  ])('%s needs none where the role is new or its power fixed (%j)', (type, properties) => {
    expect(added(type, properties)).toEqual([]);
  });

  test('passes in a stack that is created itself where another stack has the role', () => {
    expect(added('AWS::Lambda::Function', { Role: IMPORTED }, {})).toEqual([]);
  });

  test('the same function with other code on its role needs none', () => {
    const runs = (S3Key: string) => ({ Code: { S3Key }, Role: arn('Api') });
    expect(moved(runs('one.zip'), runs('two.zip'))).toEqual([]);
  });
});

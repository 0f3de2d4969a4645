import { adaptConditions } from '../../../lib/local/localise/conditions';

const allow = (rest: object): object => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...rest });
const adapted = (statement: object): unknown => adaptConditions({ Statement: [statement] } as never);

test('roles that are asked for by their bootstrap tag are asked for by name', () => {
  const condition = {
    'ForAnyValue:StringEquals': { 'iam:ResourceTag/aws-cdk:bootstrap-role': ['deploy', 'file-publishing'] },
  };
  const statement = allow({ Resource: 'arn:*:iam::444444444444:role/*', Condition: condition });
  expect(adapted(statement)).toEqual({
    Statement: [
      allow({
        Resource: [
          'arn:*:iam::444444444444:role/cdk-*-deploy-role-*',
          'arn:*:iam::444444444444:role/cdk-*-file-publishing-role-*',
        ],
      }),
    ],
  });
});

test('a principal that has to be a role may be a session of it', () => {
  const arn = 'arn:aws:iam::444444444444:role/path/migrate';
  const statement = allow({ Condition: { ArnEquals: { 'aws:PrincipalArn': arn } } });
  const session = 'arn:aws:sts::444444444444:assumed-role/migrate/*';
  expect(adapted(statement)).toEqual({
    Statement: [allow({ Condition: { ArnLike: { 'aws:PrincipalArn': [arn, session] } } })],
  });
});

test('a principal that must not be another one is told by its sessions too, by the role that the template makes', () => {
  const arn = { 'Fn::GetAtt': ['Sealer', 'Arn'] };
  const session = { 'Fn::Sub': 'arn:${AWS::Partition}:sts::${AWS::AccountId}:assumed-role/${Sealer}/*' };
  expect(adapted(allow({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': arn } } }))).toEqual({
    Statement: [allow({ Condition: { ArnNotLike: { 'aws:PrincipalArn': [arn, session] } } })],
  });
});

test('of several roles each may be a session, and one that is no role leaves all as they are', () => {
  const arns = ['release', 'rollback'].map((name) => `arn:aws:iam::444444444444:role/${name}`);
  const sessions = ['release', 'rollback'].map((name) => `arn:aws:sts::444444444444:assumed-role/${name}/*`);
  expect(adapted(allow({ Condition: { ArnEquals: { 'aws:PrincipalArn': arns } } }))).toEqual({
    Statement: [allow({ Condition: { ArnLike: { 'aws:PrincipalArn': [...arns, ...sessions] } } })],
  });
  const mixed = allow({
    Condition: { ArnEquals: { 'aws:PrincipalArn': [...arns, 'arn:aws:iam::444444444444:user/one'] } },
  });
  expect(adapted(mixed)).toEqual({ Statement: [mixed] });
});

test('roles that are kept out of what is denied are kept out in their sessions too', () => {
  const arns = [{ 'Fn::GetAtt': ['Reader', 'Arn'] }, 'arn:aws:iam::444444444444:role/named'];
  const deny = (Condition: object): object => ({ Effect: 'Deny', Action: 's:Read', Condition });
  const sessions = [
    { 'Fn::Sub': 'arn:${AWS::Partition}:sts::${AWS::AccountId}:assumed-role/${Reader}/*' },
    'arn:aws:sts::444444444444:assumed-role/named/*',
  ];
  expect(adapted(deny({ ArnNotEquals: { 'aws:PrincipalArn': arns } }))).toEqual({
    Statement: [deny({ ArnNotLike: { 'aws:PrincipalArn': [...arns, ...sessions] } })],
  });
});

test('the own stack is asked for by its name', () => {
  expect(JSON.stringify(adapted(allow({ Resource: { Ref: 'AWS::StackId' } })))).toContain(
    'stack/${AWS::StackName}/*',
  );
});

test.each([
  ['ecs:DescribeServices', { 'Fn::Sub': expect.stringMatching(/cluster\/\*$/) as string }],
  ['rds:DescribeDBClusterSnapshots', '*'],
])('%s is allowed beside the statement, where the emulator asks for it', (action, resource) => {
  const statement = { Effect: 'Allow', Action: [action, 'x:Change'], Resource: { Ref: 'One' } };
  expect(adapted(statement)).toEqual({
    Statement: [statement, { Effect: 'Allow', Action: action, Resource: resource }],
  });
});

test.each([
  { Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:x', 'aws:SourceArn': 'arn:y' } } },
  { Condition: { StringEquals: { 'aws:SourceAccount': '444444444444' } }, Resource: '*' },
  { Resource: { Ref: 'Bucket' } },
])('what is judged alike stays as it is: %j', (rest) => {
  expect(adapted(allow(rest))).toEqual({ Statement: [allow(rest)] });
});

test('who may publish in one namespace may publish, and every other condition stays', () => {
  const statement = allow({ Condition: { StringEquals: { 'cloudwatch:namespace': 'Releases' } } });
  expect(adapted(statement)).toEqual({ Statement: [allow({})] });
  const other = allow({
    Condition: { StringEquals: { 'cloudwatch:namespace': 'Releases', 'aws:PrincipalOrgID': 'o-1' } },
  });
  expect(adapted(other)).toEqual({ Statement: [other] });
});

import type { TemplateResource } from '../../../lib/release/guard/model';
import { allow, change, findings } from '../support/change-sets';

const role = (statement: object, more: object = {}): TemplateResource => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [statement] } }], ...more },
});
/** What is found where a new role may do this. */
const added = (...[action, resource, more]: Parameters<typeof allow>) =>
  findings(
    [change({ action: 'Add', type: 'AWS::IAM::Role' })],
    {},
    { It: role(allow(action, resource, more)) },
  );
const on = (Condition: object) => ({ Condition });
type Asked = readonly [action: unknown, resource: unknown];
const ACCOUNT = { Ref: 'AWS::AccountId' };
const roles = (name: string) => ({ 'Fn::Join': ['', ['arn:aws:iam::', ACCOUNT, `:role/${name}`]] });

test.each<Asked>([
  ...['arn:*', 'arn:aws:*:*:*:*', '**', '*:*', 'arn:aws:*:*:*:*/*'].map((resource): Asked => ['*', resource]),
  ...['**', '*:*', 's3:*', 's3:?*'].map((action): Asked => [action, '*']),
  ['s3:*', 'arn:aws:s3:::*'],
  ['s3:*', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::*']] }],
  ...['iam:**', 'iam:P*', 'iam:A*', 'IAM:C*', 'iam:?assRole', 'iam:SetDefaultPolicyVersion'].map(
    (action): Asked => [action, '*'],
  ),
  ['*:PassRole', '*'],
  ['sts:AssumeRole', '*'],
  ['sts:A*', 'arn:aws:iam::*:role/*'],
  ['iam:PassRole', roles('*')],
  [{ 'Fn::Select': [0, ['*']] }, '*'],
  ['*', { 'Fn::Select': [0, ['*']] }],
  [{ 'Fn::If': ['Wide', '*', 's3:GetObject'] }, '*'],
])('a new role that may do %s on %j needs leave', (action, resource) => {
  expect(added(action, resource)).toHaveLength(1);
});

test.each<Asked>([
  ...['iam:GetRole', 'iam:List*', 'iam:G*', 'sts:GetCallerIdentity', 's3:GetObject'].map((action): Asked => [
    action,
    '*',
  ]),
  ['s3:*', 'arn:aws:s3:::data/*'],
  ['lambda:*', 'arn:aws:lambda:*:*:function:api-*'],
  ['iam:PassRole', roles('task')],
  ['sts:AssumeRole', 'arn:aws:iam::*:role/cdk-*'],
  ['iam:AttachRolePolicy', roles('app/*')],
  ['iam:PassRole', { 'Fn::ImportValue': 'Auth:Role' }],
  ['s3:GetObject', { 'Fn::Select': [0, ['*']] }],
])('one that may do %s on %j does not', (action, resource) => {
  expect(added(action, resource)).toEqual([]);
});

test.each([
  ['compares with anything', { StringLike: { 'aws:PrincipalArn': '*' } }],
  ['compares a resource with anything', { StringLike: { 'aws:ResourceTag/team': ['api', '?*'] } }],
  ['tells who asks', { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/api' } }],
  ['tells the way', { Bool: { 'aws:SecureTransport': 'true' } }],
  ['tells the time', { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }],
  ['leaves one out', { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }],
  ['lets through who has none', { StringEqualsIfExists: { 'aws:ResourceTag/team': 'api' } }],
  ['lets an empty list through', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }],
  ['asks that something is there', { Null: { 'aws:ResourceTag/team': 'false' } }],
  ['only the deployment tells', { 'Fn::If': ['Wide', { Ref: 'AWS::NoValue' }, {}] }],
])('a condition that %s bounds nothing', (_what, condition) => {
  expect(added('*', '*', on(condition))).toHaveLength(1);
  expect(added('sts:AssumeRole', '*', on(condition))).toHaveLength(1);
});

test.each([
  ['iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }],
  ['iam:CreateServiceLinkedRole', { StringLike: { 'iam:AWSServiceName': 'ecs.amazonaws.com' } }],
  [
    'sts:AssumeRole',
    { 'ForAnyValue:StringEquals': { 'iam:ResourceTag/aws-cdk:bootstrap-role': ['image-publishing'] } },
  ],
  ['s3:*', { StringEquals: { 'aws:ResourceAccount': ACCOUNT }, Bool: { 'aws:SecureTransport': 'true' } }],
])('one that tells what %s is for bounds it', (action, condition) => {
  expect(added(action, '*', on(condition))).toEqual([]);
});

describe('a policy of which only the name is told', () => {
  const named = (arn: unknown) =>
    findings(
      [change({ action: 'Add', type: 'AWS::IAM::Role' })],
      {},
      { It: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [arn] } } },
    );

  test.each([
    ...['PowerUserAccess', 'IAMFullAccess', 'AmazonS3FullAccess', 'service-role/AmazonElasticMapReduceRole'],
    ...['service-role/AWSCodeStarServiceRole', 'service-role/AWSLambdaBasicExecutionRoleAndMore'],
  ])('%s needs leave on a new role', (name) => {
    expect(named(`arn:aws:iam::aws:policy/${name}`)).toHaveLength(1);
  });

  test('so does one that another stack exports; those that constructs give of themselves do not', () => {
    expect(named({ 'Fn::ImportValue': 'Shared:Policy' })).toHaveLength(1);
    const plain = ['BasicExecutionRole', 'VPCAccessExecutionRole'].map((one) => `AWSLambda${one}`);
    for (const name of [...plain, 'AmazonECSTaskExecutionRolePolicy'])
      expect(named(`arn:aws:iam::aws:policy/service-role/${name}`)).toEqual([]);
  });
});

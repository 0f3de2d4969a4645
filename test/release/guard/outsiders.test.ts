import { change, findings } from '../support/change-sets';

const STRANGER = 'arn:aws:iam::999999999999:root';
const policy = (principal: unknown, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'x:Read', Resource: '*', Principal: principal, ...more }],
});
const BEFORE = { Data: { Type: 'AWS::S3::Bucket' }, Vpc: { Type: 'AWS::EC2::VPC' } };
const added = (Type: string, Properties: Readonly<Record<string, unknown>>) =>
  findings([change({ action: 'Add', type: Type })], BEFORE, { ...BEFORE, It: { Type, Properties } });

test.each([
  ['AWS::S3::BucketPolicy', 'PolicyDocument'],
  ['AWS::SQS::QueuePolicy', 'PolicyDocument'],
  ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
  ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'],
  ['AWS::KMS::Key', 'KeyPolicy'],
  ['AWS::ECR::Repository', 'RepositoryPolicyText'],
])('a new %s that lets another account in needs leave, its own account not', (type, property) => {
  expect(added(type, { [property]: policy({ AWS: STRANGER }) })).toEqual([
    `allow x:Read on * to AWS ${STRANGER}`,
  ]);
  expect(added(type, { [property]: policy({ AWS: '999999999999' }) })).toHaveLength(1);
  expect(added(type, { [property]: policy({ AWS: '111122223333' }) })).toEqual([]);
  expect(added(type, { [property]: policy({ Service: 'logs.amazonaws.com' }) })).toEqual([]);
});

test('anybody under a condition needs leave, unless it keeps all but trusted accounts out', () => {
  const when = (Condition: object) =>
    added('AWS::S3::BucketPolicy', { PolicyDocument: policy({ AWS: '*' }, { Condition }) });
  const account = (value: unknown) => ({ StringEquals: { 'aws:PrincipalAccount': value } });
  expect(when({ Bool: { 'aws:SecureTransport': 'true' } })).toHaveLength(1);
  expect(when(account(['111122223333', '999999999999']))).toHaveLength(1);
  expect(when({ StringLike: { 'aws:PrincipalAccount': '111122223333' } })).toHaveLength(1);
  expect(when(account({ Ref: 'Partner' }))).toHaveLength(1);
  expect(when(account([]))).toHaveLength(1);
  expect(when({ StringEquals: { 'aws:SourceVpc': { Ref: 'Data' } } })).toHaveLength(1);
  expect(when({ StringEquals: { 'aws:SourceVpc': 'vpc-of-somebody' } })).toHaveLength(1);
  expect(when({ StringEquals: { 'aws:SourceVpc': { Ref: 'Vpc' } } })).toEqual([]);
  expect(when(account('111122223333'))).toEqual([]);
  expect(when(account({ Ref: 'AWS::AccountId' }))).toEqual([]);
});

test.each([
  ['AWS::Lambda::Permission', 'Principal', { Action: 'lambda:InvokeFunction' }, 'lambda:InvokeFunction'],
  ['AWS::Lambda::LayerVersionPermission', 'Principal', { Action: 'lambda:Get' }, 'lambda:Get'],
  ['AWS::Events::EventBusPolicy', 'Principal', { Action: 'events:PutEvents' }, 'events:PutEvents'],
  ['AWS::EC2::VPCEndpointServicePermissions', 'AllowedPrincipals', {}, 'connect to the service'],
  ['AWS::RAM::ResourceShare', 'Principals', {}, 'use what is shared'],
])('a new %s for another account needs leave', (type, property, more, action) => {
  for (const who of ['999999999999', STRANGER])
    expect(added(type, { [property]: who, ...more })).toEqual([`allow ${action} to ${who}`]);
  expect(added(type, { [property]: '111122223333', ...more })).toEqual([]);
});

test('a service may invoke a new function, anybody may not, whatever the source', () => {
  const permission = (Principal: string) =>
    added('AWS::Lambda::Permission', { Action: 'i', Principal, SourceArn: 'arn:aws:s3:::data' });
  expect(permission('s3.amazonaws.com')).toEqual([]);
  expect(permission('*')).toHaveLength(1);
});

test('a service needs leave to invoke a new function for what another account has', () => {
  const permission = (source: object) =>
    added('AWS::Lambda::Permission', { Action: 'i', Principal: 's3.amazonaws.com', ...source });
  const topic = (account: string) => `arn:aws:sns:us-east-1:${account}:topic`;
  expect(permission({ SourceArn: 'arn:aws:s3:::data', SourceAccount: '999999999999' })).toHaveLength(1);
  expect(permission({ SourceArn: topic('999999999999') })).toHaveLength(1);
  expect(permission({ SourceArn: 'arn:aws:sns:us-east-1:*:topic' })).toHaveLength(1);
  expect(permission({ SourceArn: topic('111122223333'), SourceAccount: '111122223333' })).toEqual([]);
  expect(permission({ SourceAccount: { Ref: 'AWS::AccountId' } })).toEqual([]);
  expect(permission({ SourceArn: { 'Fn::Sub': topic('${AWS::AccountId}') } })).toEqual([]);
  expect(permission({ SourceArn: { 'Fn::GetAtt': ['Data', 'Arn'] } })).toEqual([]);
  const here = (account: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:sns:\${AWS::Region}:${account}:*`,
  });
  expect(permission({ SourceArn: here('999999999999') })).toHaveLength(1);
  expect(permission({ SourceArn: here('${AWS::AccountId}') })).toEqual([]);
});

test('a policy lets a service in for the resources of trusted accounts alone', () => {
  const when = (Condition: object) =>
    added('AWS::SQS::QueuePolicy', {
      PolicyDocument: policy({ Service: 'sns.amazonaws.com' }, { Condition }),
    });
  expect(when({ StringEquals: { 'aws:SourceAccount': ['111122223333', '999999999999'] } })).toHaveLength(1);
  expect(when({ ArnLike: { 'AWS:SourceArn': 'arn:aws:sns:us-east-1:999999999999:*' } })).toHaveLength(1);
  expect(when({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:111122223333:*' } })).toEqual([]);
  expect(when({ Bool: { 'aws:SecureTransport': 'true' } })).toEqual([]);
});

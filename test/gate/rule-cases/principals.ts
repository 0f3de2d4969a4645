import { type Properties, type RuleCase } from './case';

const ACCOUNT = '111111111111';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/caller`;

/** Conditions that name whose the caller is. */
const PINNED: readonly Properties[] = [
  { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
  { StringEquals: { 'AWS:principalaccount': [ACCOUNT, { Ref: 'AWS::AccountId' }] } },
  { StringLike: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
  { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/*` } },
  { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['Key', 'Arn'] } } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::one' } },
  { 'ForAnyValue:StringEquals': { 'aws:SourceAccount': ACCOUNT } },
  { ArnLike: { 'aws:SourceArn': { 'Fn::Sub': 'arn:${AWS::Partition}:sns:*:${AWS::AccountId}:*' } } },
  { StringEquals: { 'aws:PrincipalAccount': ACCOUNT }, Bool: { 'aws:SecureTransport': 'true' } },
];

/** Conditions that do not. */
const LOOSE: readonly Properties[] = [
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringEquals: { 'sts:ExternalId': 'known' } },
  { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
  { StringLike: { 'aws:PrincipalAccount': '*' } },
  { StringLike: { 'aws:PrincipalOrgID': 'o-*' } },
  { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/caller' } },
  { ArnLike: { 'aws:PrincipalArn': [ROLE, '*'] } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } },
  { ArnLike: { 'aws:SourceArn': 'arn:*' } },
  { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } },
  { StringEqualsIfExists: { 'aws:PrincipalAccount': ACCOUNT } },
  { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
  { StringLike: { 'aws:PrincipalAccount': { 'Fn::If': ['Wide', '*', ACCOUNT] } } },
  { StringEquals: { 'aws:PrincipalAccount': [] } },
];

const allow = (Principal: unknown, Condition?: Properties): Properties => ({
  Statement: [{ Effect: 'Allow', Action: '*', Principal, ...(Condition && { Condition }) }],
});

/** The cases of a type whose policy is made into its properties. */
const closed = (type: string, of: (policy: Properties) => Properties, none?: Properties): RuleCase => ({
  rule: 'TemplateNoAnonymousPrincipal',
  type,
  good: [
    of(allow({ AWS: `arn:aws:iam::${ACCOUNT}:root` })),
    of({ Statement: [{ Effect: 'Deny', Action: '*', Principal: '*' }] }),
    of({ Statement: [{ Effect: 'Deny', Action: '*', NotPrincipal: { AWS: ROLE } }] }),
    ...PINNED.map((condition) => of(allow({ AWS: '*' }, condition))),
  ],
  bad: [
    of(allow('*')),
    of(allow({ AWS: ['*'] })),
    of(allow({ AWS: { 'Fn::If': ['Wide', '*', ROLE] } })),
    of({ Statement: [{ Effect: 'Allow', Action: '*', NotPrincipal: { AWS: ROLE } }] }),
    ...LOOSE.map((condition) => of(allow('*', condition))),
  ],
  ...(none && { otherwise: none }),
});

/** Cases of the rules in lib/gate/template-rules/principals.ts. */
export const principalCases: readonly RuleCase[] = [
  closed('AWS::KMS::Key', (KeyPolicy) => ({ KeyPolicy }), {}),
  closed('AWS::IAM::Role', (AssumeRolePolicyDocument) => ({ AssumeRolePolicyDocument })),
  closed('AWS::DynamoDB::Table', (PolicyDocument) => ({ ResourcePolicy: { PolicyDocument } }), {}),
  ...[
    ['AWS::Backup::BackupVault', 'AccessPolicy'],
    ['AWS::ECR::RegistryPolicy', 'PolicyText'],
    ['AWS::ECR::Repository', 'RepositoryPolicyText'],
    ['AWS::Kinesis::ResourcePolicy', 'ResourcePolicy'],
    ['AWS::KMS::ReplicaKey', 'KeyPolicy'],
    ['AWS::Logs::ResourcePolicy', 'PolicyDocument'],
    ['AWS::S3::AccessPoint', 'Policy'],
    ['AWS::S3::BucketPolicy', 'PolicyDocument'],
    ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'],
    ['AWS::SNS::TopicInlinePolicy', 'PolicyDocument'],
    ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
    ['AWS::SQS::QueueInlinePolicy', 'PolicyDocument'],
    ['AWS::SQS::QueuePolicy', 'PolicyDocument'],
  ].map(([type = '', name = '']) => ({
    ...{ rule: 'TemplateNoAnonymousPrincipal', type },
    good: [{ [name]: allow({ AWS: ROLE }) }],
    bad: [{ [name]: allow('*') }, { [name]: allow('*', { Bool: { 'aws:SecureTransport': 'true' } }) }],
  })),
  closed('AWS::DynamoDB::Table', (PolicyDocument) => ({
    StreamSpecification: { ResourcePolicy: { PolicyDocument } },
  })),
  closed('AWS::DynamoDB::GlobalTable', (PolicyDocument) => ({
    Replicas: [
      { Region: 'us-east-1' },
      { ReplicaStreamSpecification: { ResourcePolicy: { PolicyDocument } } },
    ],
  })),
  closed('AWS::Logs::ResourcePolicy', (policy) => ({
    PolicyDocument: { 'Fn::Join': ['', ['{"Version":"2012-10-17",', JSON.stringify(policy).slice(1)]] },
  })),
  {
    rule: 'TemplateNoAnonymousPrincipal',
    type: 'AWS::EC2::VPCEndpoint',
    good: [
      {
        PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Resource: 'arn:aws:s3:::one/*' }] },
      },
    ],
    bad: [
      { PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Resource: '*' }] } },
      {
        PolicyDocument: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Resource: '*' }] }),
      },
    ],
  },
  {
    rule: 'TemplateNoAnonymousPrincipal',
    type: 'AWS::Events::EventBusPolicy',
    good: [
      { Principal: ACCOUNT, Action: 'events:PutEvents' },
      {
        Principal: '*',
        Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-abcdefghij' },
      },
      { Statement: allow({ AWS: ROLE }).Statement },
      { Statement: { Effect: 'Allow', Principal: '*', Condition: PINNED[0] } },
    ],
    bad: [
      { Principal: '*', Action: 'events:PutEvents' },
      { Principal: '*', Condition: { Type: 'StringLike', Key: 'aws:PrincipalOrgID', Value: '*' } },
      { Principal: '*', Condition: { Type: 'StringEquals', Key: 'events:source', Value: 'visits' } },
      { Statement: { Effect: 'Allow', Principal: { AWS: '*' } } },
    ],
  },
  {
    rule: 'TemplateLambdaNotPublic',
    type: 'AWS::Lambda::Permission',
    good: [
      { Principal: 'events.amazonaws.com', SourceArn: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      { Principal: 'events.amazonaws.com', SourceArn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/*` },
      { Principal: 'secretsmanager.amazonaws.com', SourceAccount: { Ref: 'AWS::AccountId' } },
      { Principal: { 'Fn::Sub': 'events.${AWS::URLSuffix}' }, SourceAccount: ACCOUNT },
      { Principal: { Ref: 'AWS::AccountId' } },
      { Principal: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/caller' } },
      { Principal: { 'Fn::GetAtt': ['Caller', 'Arn'] } },
    ],
    bad: [
      { Principal: '*' },
      { Principal: '*', PrincipalOrgID: 'o-abcdefghij' },
      { Principal: 'events.amazonaws.com' },
      { Principal: 'events.amazonaws.com', SourceArn: '*' },
      { Principal: 'events.amazonaws.com', SourceArn: 'arn:aws:events:*:*:rule/calls' },
      { Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::*' },
      { Principal: { 'Fn::Sub': 'events.${AWS::URLSuffix}' } },
      { Principal: '999999999999' },
      { Principal: 'arn:aws:iam::999999999999:role/caller', SourceAccount: ACCOUNT },
      { Principal: { Ref: 'Key' } },
      { Principal: { 'Fn::If': ['Wide', '*', 'events.amazonaws.com'] }, SourceAccount: ACCOUNT },
    ],
    beside: { Caller: ['AWS::IAM::Role', {}] },
  },
];

import { type Properties, type RuleCase } from './case';

const policy = (statement: Properties): Properties => ({ Statement: [statement] });
const iam = (statement: Properties): Properties => ({
  PolicyDocument: policy({ Effect: 'Allow', ...statement }),
});

/** Resources that are every one of their type, in spellings that IAM reads as such. */
const EVERY_OF_A_TYPE: readonly unknown[] = [
  'arn:aws:s3:::*/*',
  'arn:aws:s3:::*/patients/*',
  'arn:aws:kms:*:*:key/*',
  'arn:aws:kms:us-east-1:111111111111:key/?*',
  'arn:aws:iam::*:role/*',
  'arn:aws:cloudtrail:*:*:trail/*',
  'arn:aws:secretsmanager:*:*:secret:*',
  'arn:aws:dynamodb:*:*:table/*',
  'arn:aws:dynamodb:*:*:table/*/index/*',
  'arn:aws:ec2:us-east-1:111111111111:*/*',
  'arn:aws:apigateway:us-east-1::/restapis/*',
  { 'Fn::Sub': 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*' },
  { 'Fn::Sub': ['arn:aws:kms:*:*:${Which}', { Which: 'key/*' }] },
  { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', '*']] },
];
/** Their neighbours that name something. */
const NAMED: readonly unknown[] = [
  'arn:aws:s3:::one-*/*',
  'arn:aws:kms:*:*:key/1',
  'arn:aws:kms:*:*:alias/telehealth-*',
  'arn:aws:iam::*:role/telehealth/*',
  'arn:aws:secretsmanager:*:*:secret:telehealth-*',
  'arn:aws:dynamodb:*:*:table/one/index/*',
  'arn:aws:codepipeline:us-east-1:111111111111:one/*',
  'arn:aws:s3:::${aws:PrincipalTag/patient}/*',
  { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Key', 'Arn'] }, '/*']] },
];

/** Cases of the rules in lib/gate/template-rules/identity.ts. */
export const identityCases: readonly RuleCase[] = [
  {
    rule: 'TemplateIamNoWildcardAction',
    type: 'AWS::IAM::ManagedPolicy',
    good: [iam({ Action: 's3:GetObject*' })],
    bad: [
      iam({ Action: '*' }),
      iam({ Action: ['s3:GetObject', 'kms:*'] }),
      iam({ NotAction: 's3:GetObject' }),
      // What IAM reads as the same.
      ...['**', '?*', '*:*', 's3:**', '*:Get*', { 'Fn::Sub': 's3:*' }].map((Action) => iam({ Action })),
      iam({ Action: { 'Fn::If': ['Wide', 's3:*', 's3:GetObject'] } }),
      iam({ Action: { 'Fn::Join': [':', ['s3', { 'Fn::If': ['Wide', '*', 'GetObject'] }]] } }),
      iam({ Action: { 'Fn::Select': [1, { 'Fn::Split': ['|', 's3:GetObject|s3:*'] }] } }),
      iam({ Action: '*', Effect: { 'Fn::Select': [0, ['Allow']] } }),
      iam({ Action: '*', Effect: { Ref: 'Key' } }),
      { PolicyDocument: { Statement: { 'Fn::Select': [0, [{ Effect: 'Allow', Action: '*' }]] } } },
      {
        PolicyDocument: {
          Statement: [{ 'Fn::If': ['Wide', { Effect: 'Allow', Action: '*' }, { Ref: 'AWS::NoValue' }] }],
        },
      },
    ],
    otherwise: { PolicyDocument: policy({ Effect: 'Deny', Action: '*' }) },
  },
  {
    rule: 'TemplateIamNoWildcardResource',
    type: 'AWS::IAM::ManagedPolicy',
    good: [
      iam({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::one/*' }),
      iam({ Action: 'xray:PutTraceSegments', Resource: '*' }),
      ...NAMED.map((Resource) => iam({ Action: 's3:GetObject', Resource })),
    ],
    bad: [
      iam({ Action: 's3:GetObject', Resource: '*' }),
      iam({ Action: 's3:GetObject', Resource: ['arn:aws:s3:::*'] }),
      // What IAM reads as the same.
      ...['**', '?*', 'arn:*', 'arn:aws:*', 'arn:aws:s3:::**', { 'Fn::Sub': '*' }].map((Resource) =>
        iam({ Action: 's3:GetObject', Resource }),
      ),
      iam({ Action: 's3:GetObject', Resource: { 'Fn::If': ['Wide', '*', 'arn:aws:s3:::one/*'] } }),
      ...EVERY_OF_A_TYPE.map((Resource) => iam({ Action: 's3:GetObject', Resource })),
    ],
    otherwise: { PolicyDocument: policy({ Effect: 'Deny', Action: '*' }) },
  },
  {
    rule: 'TemplateIamNoInlinePolicy',
    type: 'AWS::IAM::Role',
    good: [{}],
    bad: [{ Policies: [{ PolicyName: 'a', PolicyDocument: policy({}) }] }],
  },
  ...['Role', 'User', 'Group'].map((kind): RuleCase => ({
    rule: 'TemplateIamNoWildcardAction',
    type: `AWS::IAM::${kind}`,
    good: [],
    otherwise: {
      ManagedPolicyArns: [
        'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
        'arn:aws:iam::111111111111:policy/AdministratorReadings',
      ],
    },
    bad: [
      ...[
        'AdministratorAccess',
        'AmazonS3FullAccess',
        'AWSLambda_FullAccess',
        'job-function/SystemAdministrator',
      ].map((name) => ({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] })),
      { ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/IAMFullAccess' }] },
      {
        ManagedPolicyArns: [
          { 'Fn::Join': ['', ['arn:aws:iam::aws:policy/Administrator', { 'Fn::Sub': 'Access' }]] },
        ],
      },
      { ManagedPolicyArns: { 'Fn::Split': [',', 'a,arn:aws:iam::aws:policy/AdministratorAccess'] } },
    ],
  })),
  ...['Role', 'User', 'Group'].map((kind): RuleCase => ({
    rule: 'TemplateIamNoInlinePolicy',
    type: `AWS::IAM::${kind}Policy`,
    good: [],
    bad: [iam({ Action: 's3:GetObject' })],
  })),
  {
    rule: 'TemplateIamNoInlinePolicy',
    type: 'AWS::IAM::Policy',
    good: [],
    bad: [iam({ Action: 's3:GetObject' })],
  },
];

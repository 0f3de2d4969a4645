import { type Properties, type RuleCase } from './case';

const policy = (statement: Properties): Properties => ({ Statement: [statement] });
const iam = (statement: Properties): Properties => ({
  PolicyDocument: policy({ Effect: 'Allow', ...statement }),
});

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
    ],
    bad: [
      iam({ Action: 's3:GetObject', Resource: '*' }),
      iam({ Action: 's3:GetObject', Resource: ['arn:aws:s3:::*'] }),
      // What IAM reads as the same.
      ...['**', '?*', 'arn:*', 'arn:aws:*', 'arn:aws:s3:::**', { 'Fn::Sub': '*' }].map((Resource) =>
        iam({ Action: 's3:GetObject', Resource }),
      ),
      iam({ Action: 's3:GetObject', Resource: { 'Fn::If': ['Wide', '*', 'arn:aws:s3:::one/*'] } }),
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
    bad: [
      { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
      { ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/IAMFullAccess' }] },
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

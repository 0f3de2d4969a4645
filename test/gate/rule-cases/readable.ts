import { type Properties, type RuleCase } from './case';

const allow = (statement: Properties): Properties => ({
  PolicyDocument: {
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::one/*', ...statement }],
  },
});
const FOUND_IN_MAP = { 'Fn::FindInMap': ['Map', 'Key', 'Value'] };
const IMPORT = { 'Fn::ImportValue': 'Other-Stack:Arn' };

/** More choices than are worked out. */
const LABYRINTH = { 'Fn::Join': ['', Array.from({ length: 7 }, () => ({ 'Fn::If': ['Wide', '*', 's3'] }))] };

/** Cases of the rule in lib/gate/template-rules/readable.ts. */
export const readableCases: readonly RuleCase[] = [
  {
    rule: 'TemplatePolicyReadable',
    type: 'AWS::IAM::ManagedPolicy',
    beside: { Bucket: ['AWS::S3::Bucket', {}] },
    good: [
      allow({}),
      allow({ Effect: { 'Fn::Select': [0, ['Deny']] } }),
      allow({ Effect: { 'Fn::If': ['Wide', 'Allow', 'Deny'] } }),
      allow({ Resource: [{ Ref: 'Bucket' }, { 'Fn::GetAtt': ['Bucket', 'Arn'] }, IMPORT] }),
      allow({ Resource: { 'Fn::Sub': '${Bucket.Arn}/${!aws:PrincipalTag/patient}/*' } }),
      allow({ Resource: { 'Fn::Join': ['', [IMPORT, '/*']] } }),
      allow({ Resource: { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Bucket', 'Arn'] }] }] } }),
      allow({ Resource: [{ Ref: 'AWS::NoValue' }, 'arn:aws:s3:::one'] }),
      {
        PolicyDocument: { Statement: [{ 'Fn::If': ['Wide', { Effect: 'Deny' }, { Ref: 'AWS::NoValue' }] }] },
      },
    ],
    bad: [
      allow({ Effect: { Ref: 'Key' } }),
      allow({ Effect: undefined }),
      allow({ Effect: { 'Fn::If': ['Wide', FOUND_IN_MAP, 'Deny'] } }),
      allow({ Action: { Ref: 'Key' } }),
      allow({ Action: { 'Fn::Sub': 's3:${Key}' } }),
      allow({ Action: IMPORT }),
      allow({ Action: LABYRINTH }),
      allow({ Resource: { Ref: 'Key' } }),
      allow({ Resource: FOUND_IN_MAP }),
      allow({ Resource: { 'Fn::Join': ['', ['arn:aws:s3:::', FOUND_IN_MAP]] } }),
      { PolicyDocument: { Statement: FOUND_IN_MAP } },
      { PolicyDocument: { 'Fn::Transform': { Name: 'AWS::Include' } } },
    ],
  },
  {
    rule: 'TemplatePolicyReadable',
    type: 'AWS::IAM::Role',
    good: [
      { ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess' }, IMPORT] },
    ].map((role) => ({ ...role, AssumeRolePolicyDocument: { Statement: [] } })),
    bad: [
      { ManagedPolicyArns: [{ Ref: 'Key' }] },
      { ManagedPolicyArns: FOUND_IN_MAP },
      { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: { Ref: 'Key' } } }] } },
      { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: FOUND_IN_MAP }] } },
    ],
  },
];

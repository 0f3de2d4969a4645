import { type Properties, type RuleCase } from './case';

const FOREIGN = '999999999999';
const OWN = { Ref: 'AWS::AccountId' };

const allow = (
  Principal: unknown,
  Condition: Properties = {},
  Action: unknown = 'sts:AssumeRole',
): Properties => ({
  Statement: [{ Effect: 'Allow', Principal, Action, Condition }],
});
const role = (...of: Parameters<typeof allow>): Properties => ({ AssumeRolePolicyDocument: allow(...of) });
const GITHUB = 'token.actions.githubusercontent.com';
const POOL = 'cognito-identity.amazonaws.com';
const web = (Federated: unknown, Condition: Properties = {}): Properties =>
  role({ Federated }, Condition, 'sts:AssumeRoleWithWebIdentity');
const provider = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${GITHUB}` };
const github = (operator: string, sub: unknown): Properties =>
  web(provider, { [operator]: { [`${GITHUB}:sub`]: sub, [`${GITHUB}:aud`]: 'sts.amazonaws.com' } });

/** Cases of the rules in lib/gate/template-rules/foreign.ts and federation.ts. */
export const trustCases: readonly RuleCase[] = [
  {
    rule: 'TemplateNoForeignAccount',
    type: 'AWS::IAM::Role',
    good: [
      role({ Service: 'lambda.amazonaws.com' }),
      role({ AWS: OWN }),
      role({ AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } }),
      role({ AWS: { 'Fn::GetAtt': ['Caller', 'Arn'] } }),
      role({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': OWN } }),
      // Of two demands one is enough.
      role({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': OWN, 'aws:SourceAccount': FOREIGN } }),
      { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Deny', Principal: { AWS: FOREIGN } }] } },
    ],
    bad: [
      role({ AWS: FOREIGN }),
      role({ AWS: [OWN, `arn:aws:iam::${FOREIGN}:role/caller`] }),
      role({ AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${FOREIGN}:root`]] } }),
      role({ AWS: { 'Fn::If': ['Wide', FOREIGN, OWN] } }),
      role({ AWS: 'AIDAQWERTYUIOPASDFGHJ' }),
      role({ Federated: `arn:aws:iam::${FOREIGN}:saml-provider/workforce` }),
      role({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': FOREIGN } }),
      role({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': [OWN, FOREIGN] } }),
      role({ AWS: '*' }, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${FOREIGN}:role/*` } }),
      role({ Service: 's3.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': FOREIGN } }),
      role({ AWS: 'arn:aws:iam::127311923021:root' }),
    ],
    beside: { Caller: ['AWS::IAM::Role', {}] },
  },
  {
    rule: 'TemplateNoForeignAccount',
    type: 'AWS::S3::BucketPolicy',
    // The account of AWS that writes the logs of load balancers.
    good: [{ PolicyDocument: allow({ AWS: 'arn:aws:iam::127311923021:root' }, {}, 's3:PutObject') }],
    bad: [
      {
        PolicyDocument: allow({ AWS: 'arn:aws:iam::127311923021:root' }, {}, [
          's3:PutObject',
          's3:GetObject',
        ]),
      },
      { PolicyDocument: allow({ CanonicalUser: 'a1'.repeat(32) }, {}, 's3:GetObject') },
    ],
    otherwise: {},
  },
  {
    rule: 'TemplateNoForeignAccount',
    type: 'AWS::Lambda::Permission',
    good: [{ Principal: 'sns.amazonaws.com', SourceAccount: OWN }],
    bad: [
      { Principal: 'sns.amazonaws.com', SourceAccount: FOREIGN },
      { Principal: 'sns.amazonaws.com', SourceArn: `arn:aws:sns:us-east-1:${FOREIGN}:topic` },
    ],
  },
  {
    rule: 'TemplateWebIdentityBound',
    type: 'AWS::IAM::Role',
    good: [
      github('StringEquals', 'repo:owner/name:ref:refs/heads/main'),
      github('StringLike', ['repo:owner/name:*', 'repo:owner/other:*']),
      web(POOL, {
        StringEquals: { [`${POOL}:aud`]: { Ref: 'Pool' } },
        'ForAnyValue:StringLike': { [`${POOL}:amr`]: 'authenticated' },
      }),
    ],
    bad: [
      web(provider),
      web(provider, { StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' } }),
      github('StringLike', '*'),
      github('StringLike', 'repo:*'),
      github('StringLike', ['repo:owner/name:*', 'repo:*/name:*']),
      github('StringEqualsIfExists', 'repo:owner/name:ref:refs/heads/main'),
      github('StringNotEquals', 'repo:owner/name:ref:refs/heads/main'),
      web(POOL, { StringEquals: { [`${POOL}:aud`]: { Ref: 'Pool' } } }),
      web(POOL, { 'ForAnyValue:StringLike': { [`${POOL}:amr`]: 'authenticated' } }),
      role({ Federated: provider }, {}, 'sts:*'),
    ],
    otherwise: role({ Federated: { Ref: 'Pool' } }, {}, ['sts:AssumeRoleWithSAML', 'sts:TagSession']),
    beside: { Pool: ['AWS::Cognito::IdentityPool', {}] },
  },
];

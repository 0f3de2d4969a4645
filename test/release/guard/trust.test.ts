import type { TemplateResource } from '../../../lib/release/guard/model';
import { change, leave, look } from '../support/change-sets';

const trusting = (principal: unknown, effect = 'Allow'): TemplateResource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          ...{ Effect: effect, Action: 'sts:AssumeRole', Principal: principal },
          Condition: { StringEquals: { 'sts:ExternalId': 'x' } },
        },
      ],
    },
  },
});
/** What needs leave of a new role; without its condition, which each of them has. */
const added = (principal: unknown, effect?: string) => {
  const resources = {
    It: trusting(principal, effect),
    Ours: { Type: 'AWS::IAM::Role' },
    Teller: { Type: 'Custom::Teller' },
  };
  const report = look([change({ action: 'Add', type: 'AWS::IAM::Role' })], {}, resources);
  return report.findings.map(({ change: what }) => what.replace(/ if .*/, ''));
};
const root = (account: unknown) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', account, ':root']],
});

test.each([
  ['another account', { AWS: '999900001111' }, 'AWS 999900001111'],
  [
    'a role of another account',
    { AWS: 'arn:aws:iam::999900001111:role/x' },
    'AWS arn:aws:iam::999900001111:role/x',
  ],
  [
    'the root of another account',
    { AWS: root('999900001111') },
    'AWS arn:${AWS::Partition}:iam::999900001111:root',
  ],
  ['anybody', '*', '*'],
  ['anybody in another form', { AWS: '*' }, 'AWS *'],
  [
    'an account that a parameter names',
    { AWS: root({ Ref: 'Partner' }) },
    'AWS arn:${AWS::Partition}:iam::${Partner}:root',
  ],
  [
    'an identity provider',
    { Federated: 'arn:aws:iam::111122223333:saml-provider/idp' },
    'Federated arn:aws:iam::111122223333:saml-provider/idp',
  ],
  [
    'a role of another stack, which may be of anybody',
    { AWS: { 'Fn::ImportValue': 'Prod-Auth:Role' } },
    'AWS {"Fn::ImportValue":"Prod-Auth:Role"}',
  ],
  [
    'a role that a mapping names',
    { AWS: { 'Fn::FindInMap': ['Partners', 'One', 'Arn'] } },
    'AWS {"Fn::FindInMap":["Partners","One","Arn"]}',
  ],
  [
    'a role whose name has the digits of a trusted account',
    { AWS: { 'Fn::Sub': 'arn:aws:iam::${Partner}:role/deploy-111122223333' } },
    'AWS arn:aws:iam::${Partner}:role/deploy-111122223333',
  ],
  [
    'an account that stands behind a partition that a parameter names',
    { AWS: { 'Fn::Sub': 'arn:${Partner}:iam::111122223333:root' } },
    'AWS arn:${Partner}:iam::111122223333:root',
  ],
  ['what a custom resource tells', { AWS: { 'Fn::GetAtt': ['Teller', 'Arn'] } }, 'AWS ${Teller.Arn}'],
  ['a provider of web identities', { Federated: 'accounts.google.com' }, 'Federated accounts.google.com'],
])('a new role that trusts %s needs leave, whatever its conditions', (_what, principal, words) => {
  expect(added(principal)).toEqual([`allow sts:AssumeRole to ${words}`]);
});

test.each([
  ['a service', { Service: 'ecs-tasks.amazonaws.com' }],
  ['its own account', { AWS: root({ Ref: 'AWS::AccountId' }) }],
  ['the environment’s account', { AWS: root('111122223333') }],
  ['the pipeline’s account', { AWS: '444455556666' }],
  ['a role of its own account', { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/${Name}' } }],
  ['a role of the same template', { AWS: { 'Fn::GetAtt': ['Ours', 'Arn'] } }],
])('a new role that trusts %s needs none', (_what, principal) => {
  expect(added(principal)).toEqual([]);
});

test('who is denied needs none, and of several only the outsiders are told', () => {
  expect(added('*', 'Deny')).toEqual([]);
  expect(added({ Service: 'ecs', AWS: ['111122223333', '999900001111'] })).toEqual([
    'allow sts:AssumeRole to AWS 999900001111',
  ]);
});

test('a waiver beside the role that repeats the trust allows it', () => {
  const plain = trusting({ AWS: '999900001111' });
  const judged = (It: TemplateResource) => look([change({ action: 'Add' })], {}, { It });
  const [finding] = judged(plain).findings;
  expect(judged(plain).passed).toBe(false);
  expect(judged({ ...plain, Metadata: leave(finding?.change ?? '') }).passed).toBe(true);
});

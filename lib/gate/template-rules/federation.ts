import { choices, show } from '../../release/guard/values';
import { ACCESS } from './controls';
import { demands } from './pins';
import { resourcePolicies } from './policies';
import { failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { statements } from './statements';
import { type Json } from './values';

/** What a trust allows beside signing in by a token of OpenID Connect. */
const OTHERS: readonly unknown[] = [
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:TagSession',
  'sts:SetSourceIdentity',
];
/** A pattern that names nobody: a wildcard at its beginning, or after words that every subject of a kind begins with. */
const ANYBODY = /^(?:\w+:)*(?:[*?]|$)/;

function names(condition: Json, key: RegExp): boolean {
  return demands(condition, key).some((values) => {
    const texts = choices(values).map(show);
    return texts.length > 0 && !texts.some((text) => ANYBODY.test(text));
  });
}

/** Whether a condition says which subjects of the provider may come; an identity pool is one application's by itself. */
function isBound(condition: Json): boolean {
  return (
    names(condition, /:sub$/i) ||
    (names(condition, /^cognito-identity\.amazonaws\.com:aud$/i) &&
      names(condition, /^cognito-identity\.amazonaws\.com:amr$/i))
  );
}

function subjectsNamed({ resource }: Subject): Verdict {
  const signIns = resourcePolicies(resource)
    .flatMap(({ document }) => statements(document))
    .filter(
      ({ effect, actions, federated }) =>
        effect === 'Allow' && federated && !actions.every((one) => OTHERS.includes(one)),
    );
  const open = signIns.find(({ condition }) => !isBound(condition));
  if (open)
    return failure(
      'Properties.AssumeRolePolicyDocument.Statement.Condition',
      open.condition,
      "the provider's sub, or for an identity pool its aud and amr",
    );
  return signIns.length > 0 ? 'compliant' : 'not-applicable';
}

/** The rule over trust in providers of OpenID Connect. */
export const federationRules: readonly TemplateRule[] = [
  {
    id: 'TemplateWebIdentityBound',
    controls: [...ACCESS, '164.312(d)'],
    rationale:
      'A provider signs tokens for all of its customers: without their subject anybody with an account there takes the role.',
    mend: 'ask for the subject, as in StringEquals: { "token.actions.githubusercontent.com:sub": "repo:owner/name:ref:refs/heads/main" }',
    types: ['AWS::IAM::Role'],
    check: subjectsNamed,
  },
];

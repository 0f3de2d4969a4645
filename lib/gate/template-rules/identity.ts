import { isEveryResource } from '../../shared/iam-patterns';
import { expectThat, failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, list, record, type Statement, statements } from './values';
import { UNSCOPED_ACTIONS, wildcardReasonFor } from './wildcards';

const INLINE_POLICIES = [
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
];
const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];
/** Types whose policies say what an identity may do. */
export const IDENTITY_POLICIES = [...INLINE_POLICIES, 'AWS::IAM::ManagedPolicy', ...IDENTITIES];
/** Policies of AWS that allow every action, or every action on rights. */
const ADMINISTRATOR = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)\b/;
/** Citations that a rule over access serves. */
export const ACCESS = ['164.308(a)(3)(i)', '164.308(a)(4)(ii)(A)', '164.308(a)(4)(ii)(B)', '164.312(a)(1)'];

/** What a resource of IAM allows, inline policies of a role included; its trust policy is not among it. */
function allowed({ properties }: Pick<Subject, 'properties'>): Statement[] {
  const documents = [
    ...list(properties['PolicyDocument']),
    ...list(properties['Policies']).map((policy) => at(policy, 'PolicyDocument')),
  ];
  return documents.flatMap(statements).filter(({ effect }) => effect === 'Allow');
}

function noWildcardAction(subject: Subject): Verdict {
  const administrator = list(subject.properties['ManagedPolicyArns'])
    .map((arn) => JSON.stringify(arn))
    .find((arn) => ADMINISTRATOR.test(arn));
  if (administrator !== undefined)
    return failure('Properties.ManagedPolicyArns', administrator, 'a policy that names its actions');
  const found = allowed(subject)
    .flatMap(({ actions }) => actions)
    .find((action) => typeof action === 'string' && /^(\*|[\w*-]+:\*|\*:.*)$/.test(action));
  if (found !== undefined)
    return failure('PolicyDocument.Statement.Action', found, 'the actions that are used');
  return allowed(subject).length > 0 ? 'compliant' : 'not-applicable';
}

/** Actions that a resource of IAM allows on every resource, and that AWS could bind to some. */
export function wildcardActionsOf(subject: Pick<Subject, 'properties'>): string[] {
  return allowed(subject)
    .filter(({ resources }) => resources.some(isEveryResource))
    .flatMap(({ actions }) => actions.map(String))
    .filter((action) => !UNSCOPED_ACTIONS.has(action));
}

function noWildcardResource(subject: Subject): Verdict {
  const unexplained = wildcardActionsOf(subject).filter(
    (action) => wildcardReasonFor(subject.construct, action) === undefined,
  );
  if (unexplained.length > 0)
    return failure(
      `PolicyDocument.Statement.Resource for ${unexplained.join(', ')}`,
      '*',
      'the resources that are used',
    );
  return allowed(subject).length > 0 ? 'compliant' : 'not-applicable';
}

/** Rules over who may do what. */
export const identityRules: readonly TemplateRule[] = [
  {
    id: 'TemplateIamNoWildcardAction',
    controls: ACCESS,
    rationale: 'An action of * or service:* grows with every new feature of AWS.',
    mend: 'name the actions',
    types: IDENTITY_POLICIES,
    check: noWildcardAction,
  },
  {
    id: 'TemplateIamNoWildcardResource',
    controls: ACCESS,
    rationale: 'A resource of * reaches what is made tomorrow too.',
    mend: 'name the resources; where AWS knows none for the action, write explainWildcard(policy, { action: reason })',
    types: IDENTITY_POLICIES,
    check: noWildcardResource,
  },
  {
    id: 'TemplateIamNoInlinePolicy',
    controls: ACCESS,
    rationale: 'Inline policies are not seen where managed ones are reviewed.',
    mend: 'use a managed policy; useManagedPolicies() does so for every construct of CDK',
    types: [...INLINE_POLICIES, ...IDENTITIES],
    check: ({ resource, properties }) =>
      expectThat(
        !INLINE_POLICIES.includes(resource.Type) && list(properties['Policies']).length === 0,
        'Properties.Policies',
        Object.keys(record(properties)),
        'no inline policy',
      ),
  },
];

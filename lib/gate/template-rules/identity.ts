import { choices, show } from '../../release/guard/values';
import { isEveryOfItsType } from './breadth';
import { ACCESS } from './controls';
import { IDENTITIES, IDENTITY_POLICIES, identityPolicies, INLINE_POLICIES } from './policies';
import { expectThat, failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { type Statement, statements } from './statements';
import { list, record } from './values';
import { UNSCOPED_ACTIONS, wildcardReasonFor } from './wildcards';
import { worked } from './written';

/** Policies of AWS that allow every action, or every action of a service, by the words that AWS names them with. */
const ADMINISTRATOR = /:aws:policy\/(?:[\w-]+\/)*(?:\w*Administrator|PowerUserAccess|\w*FullAccess)/;

/** What a resource of IAM allows. */
function allowed(resource: Subject['resource']): Statement[] {
  return identityPolicies(resource)
    .flatMap(({ document }) => statements(document))
    .filter(({ effect }) => effect === 'Allow');
}

function noWildcardAction(subject: Subject): Verdict {
  const administrator = choices(worked(subject.properties['ManagedPolicyArns']))
    .map(show)
    .find((arn) => ADMINISTRATOR.test(arn));
  if (administrator !== undefined)
    return failure('Properties.ManagedPolicyArns', administrator, 'a policy that names its actions');
  const found = allowed(subject.resource)
    .flatMap(({ actions }) => actions)
    .find((action) => typeof action === 'string' && /^(\*|[\w*-]+:\*|\*:.*)$/.test(action));
  if (found !== undefined)
    return failure('PolicyDocument.Statement.Action', found, 'the actions that are used');
  return allowed(subject.resource).length > 0 ? 'compliant' : 'not-applicable';
}

/** Actions that a resource of IAM allows on every resource or every one of a type, and that AWS could bind to some. */
export function wildcardActionsOf(resource: Subject['resource']): string[] {
  return allowed(resource)
    .filter(({ resources }) => resources.some(isEveryOfItsType))
    .flatMap(({ actions }) => actions.map(String))
    .filter((action) => !UNSCOPED_ACTIONS.has(action));
}

function noWildcardResource(subject: Subject): Verdict {
  const unexplained = wildcardActionsOf(subject.resource).filter(
    (action) => wildcardReasonFor(subject.construct, action) === undefined,
  );
  if (unexplained.length > 0)
    return failure(
      `PolicyDocument.Statement.Resource for ${unexplained.join(', ')}`,
      'every one, or every one of a type',
      'the resources that are used',
    );
  return allowed(subject.resource).length > 0 ? 'compliant' : 'not-applicable';
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
    rationale: 'A resource of *, or of every table, key or role, reaches what is made tomorrow too.',
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

import { choices, isIntrinsic, isObject, show } from '../../release/guard/values';
import { ACCESS } from './controls';
import { IDENTITY_POLICIES, identityPolicies, RESOURCE_POLICIES, resourcePolicies } from './policies';
import { failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { writtenStatements } from './statements';
import { at } from './values';
import { worked } from './written';

/** Whether a name in a text is of the template, of AWS, of another stack, or a variable of the policy that IAM fills in. */
const known =
  ({ siblings }: Subject) =>
  (name: string): boolean =>
    /^(?:Fn::ImportValue$|AWS::|[\w-]+:(?!:)|[*?$]$)/.test(name) || (name.split('.')[0] ?? '') in siblings;

/** Whether it is a text whose references can be followed. */
function isReadable(value: unknown, subject: Subject): boolean {
  if (isIntrinsic(value) && isObject(value) && 'Fn::ImportValue' in value) return true;
  const isReference = isIntrinsic(value) && isObject(value) && ('Ref' in value || 'Fn::GetAtt' in value);
  if (typeof value !== 'string' && !isReference) return false;
  return [...show(value).matchAll(/\$\{([^}]*)\}/g)].every(([, name = '']) => known(subject)(name));
}

/** The first thing in a statement that cannot be read. */
function unreadableIn(
  statement: unknown,
  subject: Subject,
): readonly [name: string, value: unknown] | undefined {
  if (!isObject(statement) || isIntrinsic(statement)) return ['Statement', statement];
  const effects = choices(at(statement, 'Effect'));
  if (effects.length === 0 || effects.some((effect) => effect !== 'Allow' && effect !== 'Deny'))
    return ['Effect', at(statement, 'Effect')];
  for (const name of ['Action', 'NotAction'])
    for (const action of choices(at(statement, name)))
      if (typeof action !== 'string' || action.includes('${')) return [name, action];
  for (const name of ['Resource', 'NotResource'])
    for (const resource of choices(at(statement, name)))
      if (!isReadable(resource, subject)) return [name, resource];
  for (const name of ['Principal', 'NotPrincipal'])
    for (const one of choices(at(statement, name)))
      for (const principal of isObject(one) && !isIntrinsic(one)
        ? Object.values(one).flatMap(choices)
        : [one])
        if (!isReadable(principal, subject)) return [name, principal];
  return undefined;
}

function everythingReadable(subject: Subject): Verdict {
  const arn = choices(worked(subject.properties['ManagedPolicyArns'])).find(
    (one) => !isReadable(one, subject),
  );
  if (arn !== undefined) return failure('Properties.ManagedPolicyArns', arn, 'a policy that is named');
  const policies = [...identityPolicies(subject.resource), ...resourcePolicies(subject.resource)];
  for (const { location, document } of policies) {
    for (const one of choices(worked(document)))
      if (isIntrinsic(one)) return failure(location, one, 'a policy that is written out');
    for (const statement of writtenStatements(document)) {
      const [name, value] = unreadableIn(statement, subject) ?? [];
      if (name !== undefined) return failure(`${location}.${name}`, value, 'what the template itself says');
    }
  }
  return policies.length > 0 ? 'compliant' : 'not-applicable';
}

/** The rule that the others can read what a policy says. */
export const readableRules: readonly TemplateRule[] = [
  {
    id: 'TemplatePolicyReadable',
    controls: ACCESS,
    rationale:
      'What a policy says by a parameter or a function that only the deployment works out is judged by no rule: it may be everything.',
    mend: 'write effect, actions, resources and principals as texts, or refer to resources of the application',
    types: [...new Set([...IDENTITY_POLICIES, ...RESOURCE_POLICIES])],
    check: everythingReadable,
  },
];

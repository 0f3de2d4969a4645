import { Stack, Token } from 'aws-cdk-lib';
import { choices, show } from '../../release/guard/values';
import { isEveryResource } from '../../shared/iam-patterns';
import { ACCESS } from './controls';
import { isPinned, pinsCaller } from './pins';
import { RESOURCE_POLICIES, resourcePolicies } from './policies';
import { expectThat, type Subject, type TemplateRule, type Verdict } from './rule';
import { type Statement, statements } from './statements';

/** A service, also where the deployment writes the end of its name. */
const SERVICE = /^[a-z0-9.-]+\.(?:amazon(?:aws)?\.com(?:\.cn)?|\$\{AWS::URLSuffix\})$/;
const ACCOUNT = /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12}|x)(?::|$)/;

function isEveryone({ effect, principals, condition }: Statement): boolean {
  return effect === 'Allow' && principals.includes('*') && !pinsCaller(condition);
}

/** An endpoint's policy only narrows what a caller may reach, so named resources hold as well as named principals. */
function opensEverything(type: string, statement: Statement): boolean {
  return (
    isEveryone(statement) && (type !== 'AWS::EC2::VPCEndpoint' || statement.resources.some(isEveryResource))
  );
}

function closedToStrangers({ resource }: Subject): Verdict {
  const policies = resourcePolicies(resource);
  const open = policies.find(({ document }) =>
    statements(document).some((statement) => opensEverything(resource.Type, statement)),
  );
  if (policies.length === 0) return 'not-applicable';
  return expectThat(
    open === undefined,
    open?.location ?? '',
    'an Allow for every principal',
    'named principals, or a condition that names the account, the organisation or the ARN',
  );
}

/** Whether a principal is of the account that the stack is deployed to. */
function isOwn(principal: string, { siblings, construct }: Subject): boolean {
  const named = /^\$\{(\w+)(?:\.Arn)?\}$/.exec(principal)?.[1];
  if (named !== undefined && named in siblings) return true;
  const { account } = Stack.of(construct);
  const own = principal.replaceAll('${AWS::AccountId}', 'x').replaceAll('${AWS::Partition}', 'aws');
  const found = ACCOUNT.exec(own)?.[1];
  return found === 'x' || (!Token.isUnresolved(account) && found === account);
}

function calledByKnown(subject: Subject): Verdict {
  const { Principal, SourceArn, SourceAccount } = subject.properties;
  const callers = choices(Principal).map(show);
  if (callers.every((caller) => SERVICE.test(caller)))
    return expectThat(
      isPinned(SourceArn) || isPinned(SourceAccount),
      'Properties.SourceArn',
      SourceArn,
      'the ARN or account that the service calls for',
    );
  const stranger = callers.find((caller) => !SERVICE.test(caller) && !isOwn(caller, subject));
  return expectThat(stranger === undefined, 'Properties.Principal', stranger, 'a service or the own account');
}

/** Rules over whom a resource's own policy lets in. */
export const principalRules: readonly TemplateRule[] = [
  {
    id: 'TemplateNoAnonymousPrincipal',
    controls: ACCESS,
    rationale:
      'A principal of * admits every AWS account, and for some services everyone; a condition that names no account, organisation or ARN keeps few of them out.',
    mend: 'name the principals, or bind the statement by aws:PrincipalAccount, aws:PrincipalOrgID, aws:PrincipalArn, aws:SourceAccount or aws:SourceArn',
    types: RESOURCE_POLICIES,
    check: closedToStrangers,
  },
  {
    id: 'TemplateLambdaNotPublic',
    controls: ACCESS,
    rationale:
      'A permission for * or for another account lets strangers call the function, and so does one for a service that anybody can point at it.',
    mend: 'name the service with the ARN or the account that it calls for',
    types: ['AWS::Lambda::Permission'],
    check: calledByKnown,
  },
];

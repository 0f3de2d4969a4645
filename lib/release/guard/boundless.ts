import { isEveryOfItsType } from '../../gate/template-rules/breadth';
import { isEveryResource, plainPattern } from '../../shared/iam-patterns';
import { comparisonsIn, keepsOut } from './comparisons';
import { ALL_OF, BUT, type Grant, UNREAD } from './grants';

const EVERY_ACTION = /^(?:\*|[^:]+:\*)$/;
/** Actions by which rights are made or taken over: all of IAM and STS but those that look. */
const ON_RIGHTS = /^(?:\*:|iam:(?!g|l|simulate)|sts:(?!get|decode|tag|setsource))/i;
/** What only the deployment tells, but for what another stack exports. */
const UNREADABLE = /^\{(?!"Fn::ImportValue")/;
/** Keys that tell who asks, when and by which way, and nothing of what for. */
const OF_THE_CALLER =
  /^aws:(?:Principal|user|Source|Federated|SecureTransport|MultiFactorAuth|CurrentTime|EpochTime|TokenIssueTime|Referer)/i;
const TO_COMPARE = /^(?:ForAnyValue:)?(?:String|Arn|Bool|Numeric)/i;

const OF_TEMPLATE = /^\$\{\w+\}$/;
const OF_AWS = /:iam::aws:policy\/(.+)$/;
/** AWS's policies for its services that the CDK and this platform give to new roles. */
const OF_A_SERVICE: readonly string[] = [
  'AWSBackupServiceRolePolicyForS3Backup',
  'AWSBackupServiceRolePolicyForS3Restore',
  'service-role/AWSAppSyncPushToCloudWatchLogs',
  'service-role/AWSBackupServiceRolePolicyForBackup',
  'service-role/AWSBackupServiceRolePolicyForRestores',
  'service-role/AWSConfigRulesExecutionRole',
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AWSLambdaMSKExecutionRole',
  'service-role/AWSLambdaVPCAccessExecutionRole',
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
  'service-role/AmazonECSTaskExecutionRolePolicy',
  'service-role/AmazonRDSEnhancedMonitoringRole',
];

/**
 * Everything of a service on everything, rights on anybody's, anybody from anywhere, or a policy of which the templates say
 * nothing but its name. Where a policy names principals it is a resource's own, such as a key's, and its `*` is that
 * resource.
 */
export function isBoundless({ action, resource, principal, condition }: Grant): boolean {
  if (action === UNREAD) return true;
  if (action === ALL_OF)
    return !OF_TEMPLATE.test(resource) && !OF_A_SERVICE.includes(OF_AWS.exec(resource)?.[1] ?? '');
  if (principal !== '')
    return condition === '' && (['*', 'AWS *'].includes(principal) || principal.startsWith(BUT));
  const [what, where] = [plainPattern(action), plainPattern(resource)];
  const anyAction = EVERY_ACTION.test(what) || what.startsWith(BUT) || UNREADABLE.test(what);
  const anyResource = isEveryResource(where) || where.startsWith(BUT) || UNREADABLE.test(where);
  const anyName = anyResource || isEveryOfItsType(where);
  return ((anyAction && anyResource) || (ON_RIGHTS.test(what) && anyName)) && !isBound(condition);
}

/** Whether a condition leaves out anything of what may be done. */
function isBound(condition: string): boolean {
  return comparisonsIn(condition).some(
    (one) => TO_COMPARE.test(one.operator) && !OF_THE_CALLER.test(one.key) && keepsOut(one),
  );
}

import { fullDiff, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { defaultOf } from '../../../release/guard/endpoints';
import { keptLess } from '../../../release/guard/keeping';
import { STATEFUL } from '../../../release/guard/stateful';
import type { Change } from '../model';

/** A stack's template in an earlier and in a later release. */
export interface TemplatePair {
  /** Construct path of the stack. */
  readonly stack: string;
  /** Its environment. */
  readonly environment: string;
  /** The earlier template; absent where the stack is new. */
  readonly earlier?: Readonly<Record<string, unknown>>;
  /** The later template; absent where the stack is gone. */
  readonly later?: Readonly<Record<string, unknown>>;
}

/** Property paths that say how long something is kept. */
const KEEPING: Readonly<Record<string, readonly string[]>> = {
  'AWS::Backup::BackupPlan': ['BackupPlan'],
  'AWS::Backup::BackupVault': ['LockConfiguration'],
  'AWS::DynamoDB::GlobalTable': ['Replicas', 'TimeToLiveSpecification'],
  'AWS::DynamoDB::Table': ['PointInTimeRecoverySpecification', 'TimeToLiveSpecification'],
  'AWS::ECR::Repository': ['LifecyclePolicy'],
  'AWS::Events::Archive': ['RetentionDays'],
  'AWS::KMS::Key': ['PendingWindowInDays'],
  'AWS::Logs::LogGroup': ['RetentionInDays'],
  'AWS::RDS::DBCluster': ['BackupRetentionPeriod'],
  'AWS::RDS::DBInstance': ['BackupRetentionPeriod'],
  'AWS::SQS::Queue': ['MessageRetentionPeriod'],
  'AWS::S3::Bucket': ['LifecycleConfiguration', 'ObjectLockConfiguration', 'VersioningConfiguration'],
};

const LOST: Readonly<Partial<Record<ResourceImpact, string>>> = {
  [ResourceImpact.WILL_REPLACE]: 'is made anew and empty',
  [ResourceImpact.MAY_REPLACE]: 'may be made anew and empty',
  [ResourceImpact.WILL_DESTROY]: 'is deleted',
  [ResourceImpact.WILL_ORPHAN]: 'leaves the stack and stays behind',
};

function shown(value: unknown): string {
  const text = value === undefined ? 'not set' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

function ofResource(id: string, difference: ResourceDifference, pair: TemplatePair): Change[] {
  const type = difference.newResourceType ?? difference.oldResourceType ?? '';
  const { environment } = pair;
  const subject = `${pair.stack}/${id}`;
  const lost = LOST[difference.changeImpact];
  const kept = (KEEPING[type] ?? []).flatMap((property): Change[] => {
    const change = difference.isUpdate ? difference.propertyUpdates[property] : undefined;
    return change
      ? [
          {
            kind: 'changed-retention',
            environment,
            subject,
            text: `${property} of ${type} was ${shown(change.oldValue)} and is ${shown(change.newValue)}.`,
          },
        ]
      : [];
  });
  const replaced: Change[] =
    STATEFUL.has(type) && lost !== undefined
      ? [{ kind: 'replaced-stateful', environment, subject, text: `${type} ${lost}.` }]
      : [];
  const { oldValue, newValue } = difference;
  const weaker =
    STATEFUL.has(type) && oldValue && newValue
      ? keptLess(oldValue, newValue).map((words): Change => ({
          ...{
            kind: 'changed-retention',
            environment,
            subject,
            text: `The release would ${words}: ${type}.`,
          },
        }))
      : [];
  return [...replaced, ...kept, ...weaker, ...unlocked(type, difference, environment, subject)];
}

/** An endpoint whose policy is gone, or that comes without one: AWS then lets everything through. */
function unlocked(
  type: string,
  difference: ResourceDifference,
  environment: string,
  subject: string,
): Change[] {
  const [was, is] = [difference.oldProperties, difference.newProperties].map(
    (Properties) => Properties !== undefined && defaultOf({ Type: type, Properties }).length > 0,
  );
  if (is !== true || was === true) return [];
  const text = `${type} has no policy, so that everything may be done through it.`;
  return [{ kind: 'broadened-access', environment, subject, text }];
}

/** What broadens access, replaces what holds data, or changes how long it is kept, from one template to a later one. */
export function compareTemplates(pair: TemplatePair): Change[] {
  const { environment, stack } = pair;
  const difference = fullDiff({ ...pair.earlier }, { ...pair.later });
  const { statements, managedPolicies } = difference.iamChanges;
  const broadened = (text: string): Change => ({
    kind: 'broadened-access',
    environment,
    subject: stack,
    // The library puts each of several actions on a line of its own.
    text: text.replaceAll('\n', ', '),
  });
  const on = (condition: string): string => (condition === '' ? '' : ` when ${condition}`);
  const changes: Change[] = [
    ...statements.additions
      .filter((statement) => !statement.isNegativeStatement)
      .map((statement) => statement.render())
      .map(({ principal, action, resource, condition }) =>
        broadened(`${principal} may now ${action} on ${resource}${on(condition)}.`),
      ),
    ...statements.removals
      .filter((statement) => statement.isNegativeStatement)
      .map((statement) => statement.render())
      .map(({ principal, action, resource, condition }) =>
        broadened(`${principal} is no longer denied ${action} on ${resource}${on(condition)}.`),
      ),
    ...managedPolicies.additions.map(({ identityArn, managedPolicyArn }) =>
      broadened(`${identityArn} has the managed policy ${managedPolicyArn}.`),
    ),
    ...difference.securityGroupChanges.ingress.additions.map((rule) =>
      broadened(`${rule.groupId} admits ${rule.describePeer()} on ${rule.describeProtocol()}.`),
    ),
    ...difference.securityGroupChanges.egress.additions.map((rule) =>
      broadened(`${rule.groupId} lets out to ${rule.describePeer()} on ${rule.describeProtocol()}.`),
    ),
  ];
  difference.resources.forEachDifference((id, resource) => changes.push(...ofResource(id, resource, pair)));
  return changes;
}

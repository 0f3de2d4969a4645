import { Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Actions that AWS binds to no resource, so that `Resource: *` is the only way to allow them.
 * Source: Service Authorization Reference, the actions without a resource type.
 */
export const UNSCOPED_ACTIONS: ReadonlySet<string> = new Set([
  'cloudwatch:PutMetricData',
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ecr:GetAuthorizationToken',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroups',
  'sts:GetCallerIdentity',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);

const METADATA = 'telehealth:wildcard';

/**
 * Says why a policy allows an action on every resource: beside the grant, action by action.
 * @param scope - the policy, or the role or function that it belongs to
 * @param reasons - a sentence for each action, for example why no ARN can be known when the policy is written
 * @throws Error when a reason is shorter than 20 characters, or would hold for a whole stack, environment or application
 */
export function explainWildcard(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  if (Stack.isStack(scope) || Stage.isStage(scope))
    throw new Error(
      `${scope.node.path || 'the application'}: reasons for wildcards are written for one policy, and would hold for everything here. To mend: write them beside the policy, or the role or function that it belongs to.`,
    );
  for (const [action, reason] of Object.entries(reasons))
    if (reason.trim().length < 20)
      throw new Error(
        `${scope.node.path}: the reason for ${action} on every resource is "${reason}", expected a sentence of at least 20 characters. To mend: say why no resource can be named.`,
      );
  scope.node.addMetadata(METADATA, reasons);
}

/** The reason written for an action at the construct or around it, or undefined. */
export function wildcardReasonFor(construct: IConstruct, action: string): string | undefined {
  for (const scope of construct.node.scopes) {
    for (const { type, data } of scope.node.metadata) {
      if (type !== METADATA) continue;
      const reason = (data as Readonly<Record<string, string>>)[action];
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

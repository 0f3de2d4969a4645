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
 * Says why a policy allows an action on every resource, or on every one of a type: beside the grant, action by action. It holds
 * for this policy, or for those that are direct parts of the scope. The report lists it, and the gate refuses one that no policy
 * needs.
 * @param scope - the policy, or the role or construct that it is a direct part of
 * @param reasons - a sentence for each action, for example why no ARN can be known when the policy is written
 * @throws Error when a reason is shorter than 20 characters, or would hold for a whole stack, environment or application
 */
export function explainWildcard(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  if (Stack.isStack(scope) || Stage.isStage(scope))
    throw new Error(
      `${scope.node.path || 'the application'}: reasons for wildcards are written for one policy, and would hold for everything here. To mend: write them at the policy, or at the role or construct that it is a direct part of.`,
    );
  for (const [action, reason] of Object.entries(reasons))
    if (reason.trim().length < 20)
      throw new Error(
        `${scope.node.path}: the reason for ${action} on every resource is "${reason}", expected a sentence of at least 20 characters. To mend: say why no resource can be named.`,
      );
  scope.node.addMetadata(METADATA, reasons);
}

/** A reason as it was written. */
export interface WildcardReason {
  /** The construct that it was written for. */
  readonly scope: IConstruct;
  /** The action. */
  readonly action: string;
  /** Why the action is allowed on every resource. */
  readonly reason: string;
}

/** Every reason that was written at a construct. */
function reasonsAt(scope: IConstruct): WildcardReason[] {
  return scope.node.metadata
    .filter(({ type }) => type === METADATA)
    .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
    .map(([action, reason]) => ({ scope, action, reason }));
}

/** Every reason in the application, in the order of the tree. */
export function wildcardReasonsIn(root: IConstruct): WildcardReason[] {
  return root.node.findAll().flatMap(reasonsAt);
}

/** Where a reason may stand that holds for a policy: at it, and at what it is a direct part of. */
function placesFor(resource: IConstruct): readonly IConstruct[] {
  const { scope } = resource.node;
  const policy = scope?.node.defaultChild === resource ? scope : resource;
  return [resource, policy, policy.node.scope].filter((place) => place !== undefined);
}

/** The reason written for an action at the policy or at what it is a direct part of, or undefined. */
export function wildcardReasonFor(policy: IConstruct, action: string): WildcardReason | undefined {
  return placesFor(policy)
    .flatMap(reasonsAt)
    .find((one) => one.action === action);
}

import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type Action as ApiAction,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer as ApiLoadBalancer,
  type LoadBalancerAttribute,
  type RuleCondition,
  type TargetGroup as ApiTargetGroup,
  type TargetGroupAttribute,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Condition, Listener, LoadBalancer, Rule, TargetGroup, Topology } from './model';

/** Reads load balancers, listeners, rules, target groups and registered targets. */
export async function readTopology(client: ElasticLoadBalancingV2Client): Promise<Topology> {
  const [balancers, groups] = await Promise.all([
    client.send(new DescribeLoadBalancersCommand({})),
    client.send(new DescribeTargetGroupsCommand({})),
  ]);
  const application = (balancers.LoadBalancers ?? [])
    .filter((balancer) => balancer.Type !== 'network')
    .sort((a, b) => (a.CreatedTime?.getTime() ?? 0) - (b.CreatedTime?.getTime() ?? 0));
  const loadBalancers = await Promise.all(application.map((balancer) => readLoadBalancer(client, balancer)));
  const targetGroups = await Promise.all(
    (groups.TargetGroups ?? []).map((group) => readTargetGroup(client, group, loadBalancers)),
  );
  return { loadBalancers, targetGroups };
}

function attributeMap(
  attributes: readonly LoadBalancerAttribute[] | readonly TargetGroupAttribute[] | undefined,
): Map<string, string> {
  return new Map((attributes ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

async function readLoadBalancer(
  client: ElasticLoadBalancingV2Client,
  balancer: ApiLoadBalancer,
): Promise<LoadBalancer> {
  const arn = balancer.LoadBalancerArn ?? '';
  const [listeners, described] = await Promise.all([
    client.send(new DescribeListenersCommand({ LoadBalancerArn: arn })),
    client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn })),
  ]);
  const attributes = attributeMap(described.Attributes);
  const mode = attributes.get('routing.http.xff_header_processing.mode');
  return {
    arn,
    dnsName: balancer.DNSName ?? '',
    // 60 seconds is what ELB documents as the default of idle_timeout.timeout_seconds.
    idleTimeoutSeconds: Number(attributes.get('idle_timeout.timeout_seconds') || 60),
    forwardedFor: mode === 'preserve' || mode === 'remove' ? mode : 'append',
    listeners: await Promise.all(
      (listeners.Listeners ?? []).map(async (listener): Promise<Listener> => {
        const listenerArn = listener.ListenerArn ?? '';
        const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
        const own = Rules.filter((rule) => rule.IsDefault !== true)
          .sort((a, b) => Number(a.Priority) - Number(b.Priority))
          .map((rule): Rule => ({
            arn: rule.RuleArn ?? '',
            conditions: (rule.Conditions ?? []).map(readCondition),
            action: readAction(rule.Actions),
          }));
        return {
          arn: listenerArn,
          port: listener.Port ?? 0,
          protocol: listener.Protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
          rules: [...own, { arn: listenerArn, conditions: [], action: readAction(listener.DefaultActions) }],
        };
      }),
    ),
  };
}

function readCondition(condition: RuleCondition): Condition {
  const query = condition.QueryStringConfig?.Values?.map(({ Key, Value }) =>
    Key === undefined ? (Value ?? '') : `${Key}=${Value ?? ''}`,
  );
  const values =
    condition.PathPatternConfig?.Values ??
    condition.HostHeaderConfig?.Values ??
    condition.HttpHeaderConfig?.Values ??
    condition.HttpRequestMethodConfig?.Values ??
    condition.SourceIpConfig?.Values ??
    query ??
    condition.Values ??
    [];
  const headerName = condition.HttpHeaderConfig?.HttpHeaderName;
  return { field: condition.Field ?? '', values, ...(headerName === undefined ? {} : { headerName }) };
}

/** The action that answers: authentication, which the platform does in its API, is passed over. */
function readAction(actions: readonly ApiAction[] | undefined): Action {
  const action = (actions ?? []).find(
    ({ Type }) => Type === 'forward' || Type === 'redirect' || Type === 'fixed-response',
  );
  if (action?.Type === 'redirect') {
    const config = action.RedirectConfig;
    return {
      type: 'redirect',
      protocol: config?.Protocol ?? '#{protocol}',
      host: config?.Host ?? '#{host}',
      port: config?.Port ?? '#{port}',
      path: config?.Path ?? '/#{path}',
      query: config?.Query ?? '#{query}',
      status: config?.StatusCode === 'HTTP_302' ? 302 : 301,
    };
  }
  if (action?.Type === 'fixed-response') {
    const config = action.FixedResponseConfig;
    return {
      type: 'fixed-response',
      status: Number(config?.StatusCode ?? 503),
      contentType: config?.ContentType ?? 'text/plain',
      body: config?.MessageBody ?? '',
    };
  }
  const weighted = (action?.ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn, Weight }) => ({
    targetGroupArn: TargetGroupArn ?? '',
    weight: Weight ?? 1,
  }));
  const single = action?.TargetGroupArn;
  const groups =
    weighted.length > 0 || single === undefined ? weighted : [{ targetGroupArn: single, weight: 1 }];
  return { type: 'forward', groups };
}

async function readTargetGroup(
  client: ElasticLoadBalancingV2Client,
  group: ApiTargetGroup,
  loadBalancers: readonly LoadBalancer[],
): Promise<TargetGroup> {
  const arn = group.TargetGroupArn ?? '';
  const [health, described] = await Promise.all([
    client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
    client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
  ]);
  const attributes = attributeMap(described.Attributes);
  const balanced = attributes.get('load_balancing.algorithm.type') === 'least_outstanding_requests';
  const forwards = (balancer: LoadBalancer): boolean =>
    balancer.listeners.some(({ rules }) =>
      rules.some(
        ({ action }) => action.type === 'forward' && action.groups.some((g) => g.targetGroupArn === arn),
      ),
    );
  return {
    arn,
    protocol: group.Protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
    loadBalancerArns: loadBalancers.filter(forwards).map((balancer) => balancer.arn),
    // Defaults as ELB documents them for an application load balancer's target group.
    deregistrationDelaySeconds: Number(attributes.get('deregistration_delay.timeout_seconds') || 300),
    algorithm: balanced ? 'least_outstanding_requests' : 'round_robin',
    healthCheck: {
      enabled: group.HealthCheckEnabled ?? true,
      protocol: group.HealthCheckProtocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
      path: group.HealthCheckPath ?? '/',
      matcher: group.Matcher?.HttpCode ?? '200',
      intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: group.HealthyThresholdCount ?? 5,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
    },
    targets: (health.TargetHealthDescriptions ?? []).map(({ Target }) => ({
      id: Target?.Id ?? '',
      port: Target?.Port ?? group.Port ?? 80,
    })),
  };
}

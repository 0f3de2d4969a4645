/** One target group in a forward, with its share. */
export interface WeightedGroup {
  /** ARN of the target group. */
  readonly targetGroupArn: string;
  /** Share among the forward's groups, 0 to 999. */
  readonly weight: number;
}

/** What a listener or rule does with a request; the actions that the platform's templates use. */
export type Action =
  | { readonly type: 'forward'; readonly groups: readonly WeightedGroup[] }
  | {
      readonly type: 'redirect';
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
      readonly status: number;
    }
  | {
      readonly type: 'fixed-response';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    };

/** One condition of a rule. */
export interface Condition {
  /** Such as `path-pattern`, as ELB names it. */
  readonly field: string;
  /** Values, any of which may match; `key=value` for query strings. */
  readonly values: readonly string[];
  /** Name of the header, for `http-header`. */
  readonly headerName?: string;
}

/** One rule of a listener, the default included. */
export interface Rule {
  /** ARN of the rule, or of the listener for its default. */
  readonly arn: string;
  /** All must hold; none for the default. */
  readonly conditions: readonly Condition[];
  /** What is done. */
  readonly action: Action;
}

/** A listener, its rules in the order they are tried, the default last. */
export interface Listener {
  /** ARN. */
  readonly arn: string;
  /** Port in the cloud, such as 443. */
  readonly port: number;
  /** Protocol. */
  readonly protocol: 'HTTP' | 'HTTPS';
  /** In the order they are tried; the default, without conditions, is last. */
  readonly rules: readonly Rule[];
}

/** A load balancer. */
export interface LoadBalancer {
  /** ARN. */
  readonly arn: string;
  /** Name in the cloud. */
  readonly dnsName: string;
  /** Its listeners. */
  readonly listeners: readonly Listener[];
  /** Seconds without a byte after which a connection is given up. */
  readonly idleTimeoutSeconds: number;
  /** What is done with X-Forwarded-For. */
  readonly forwardedFor: 'append' | 'preserve' | 'remove';
}

/** How a target group finds out whether a target is well. */
export interface HealthCheck {
  /** Whether targets are checked at all. */
  readonly enabled: boolean;
  /** Protocol of the check. */
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Path that is asked. */
  readonly path: string;
  /** Status codes that pass, such as `200`, `200,204` or `200-299`. */
  readonly matcher: string;
  /** Seconds between checks. */
  readonly intervalSeconds: number;
  /** Seconds to wait for an answer. */
  readonly timeoutSeconds: number;
  /** Passes in a row that make an unhealthy target healthy. */
  readonly healthyThreshold: number;
  /** Failures in a row that make a healthy target unhealthy. */
  readonly unhealthyThreshold: number;
}

/** A target as it is registered. */
export interface TargetAddress {
  /** Its address in the VPC, or on this machine. */
  readonly id: string;
  /** Its port. */
  readonly port: number;
}

/** A target group with what is registered in it. */
export interface TargetGroup {
  /** ARN. */
  readonly arn: string;
  /** Protocol towards the targets. */
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Load balancers that forward to it. */
  readonly loadBalancerArns: readonly string[];
  /** Seconds that a target which was taken out may finish its requests in. */
  readonly deregistrationDelaySeconds: number;
  /** How a target is chosen. */
  readonly algorithm: 'round_robin' | 'least_outstanding_requests';
  /** How targets are checked. */
  readonly healthCheck: HealthCheck;
  /** Registered targets. */
  readonly targets: readonly TargetAddress[];
}

/** Everything that the load balancer follows, at one moment. */
export interface Topology {
  /** Application load balancers, oldest first. */
  readonly loadBalancers: readonly LoadBalancer[];
  /** Their target groups, and those not in use. */
  readonly targetGroups: readonly TargetGroup[];
}

/** The part of an ARN that CloudWatch uses as a dimension: `app/name/id` or `targetgroup/name/id`. */
export function dimensionOf(arn: string): string {
  const resource = arn.split(':').slice(5).join(':');
  return resource.startsWith('loadbalancer/') ? resource.slice('loadbalancer/'.length) : resource;
}

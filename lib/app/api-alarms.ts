import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Operations } from '../shared/operations';
import { ALARM_PERIOD, RunbookAlarm } from '../shared/runbook-alarm';
import type { ApiLoadBalancer } from './api-load-balancer';
import type { ApiService } from './api-service';

/** What the alarms are made from. */
export interface ApiAlarmsProps {
  /** Where alarms are sent. */
  readonly operations: Operations;
  /** The target groups that are watched. */
  readonly front: ApiLoadBalancer;
  /** The service that is watched. */
  readonly api: ApiService;
}

/**
 * The API's alarms. Each that tells a bad version stands on both target groups, since every release changes which
 * of them is live. Names of metrics, dimensions and statistics are those of the services' own documentation.
 */
export class ApiAlarms extends Construct {
  /** The alarms that stop a release: eight, within CodeDeploy's ten. */
  readonly release: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: ApiAlarmsProps) {
    super(scope, id);
    const { operations, front } = props;
    this.release = (['blue', 'green'] as const).flatMap((colour) =>
      this.watchTargets(colour, front.loadBalancer, front[colour], operations),
    );
    this.watchTasks(props.api, operations);
  }

  private watchTargets(
    colour: string,
    loadBalancer: elb.ApplicationLoadBalancer,
    group: elb.ApplicationTargetGroup,
    operations: Operations,
  ): cloudwatch.Alarm[] {
    const place = new Construct(this, colour);
    const metric = (metricName: string, statistic: string): cloudwatch.Metric =>
      new cloudwatch.Metric({
        namespace: 'AWS/ApplicationELB',
        metricName,
        statistic,
        period: Duration.minutes(1),
        dimensionsMap: {
          LoadBalancer: loadBalancer.loadBalancerFullName,
          TargetGroup: group.targetGroupFullName,
        },
      });
    return [
      // The company's figure: more than ten a minute.
      new RunbookAlarm(place, 'ServerErrors', {
        operations,
        summary: `The API's ${colour} tasks answer with errors of their own (5xx)`,
        runbook: 'api-server-errors',
        metric: metric('HTTPCode_Target_5XX_Count', 'Sum'),
        threshold: 11,
      }),
      // The company's load test asks a 99th percentile under 1.5 seconds.
      new RunbookAlarm(place, 'Latency', {
        operations,
        summary: `The slowest hundredth of requests to the API's ${colour} tasks takes longer than 1.5 seconds`,
        runbook: 'api-latency',
        metric: metric('TargetResponseTime', 'p99'),
        threshold: 1.5,
        periods: 5,
        badPeriods: 3,
      }),
      new RunbookAlarm(place, 'UnhealthyTasks', {
        operations,
        summary: `A ${colour} task of the API fails its health check`,
        runbook: 'api-unhealthy-tasks',
        metric: metric('UnHealthyHostCount', 'Maximum'),
        threshold: 1,
        periods: 3,
      }),
      // 400 a minute is one address at the firewall's limit (2,000 in five minutes); a version that refuses good
      // tokens passes it at once, a person who mistypes does not.
      new RunbookAlarm(place, 'ClientErrors', {
        operations,
        summary: `The API's ${colour} tasks refuse unusually many requests (4xx)`,
        runbook: 'api-client-errors',
        metric: metric('HTTPCode_Target_4XX_Count', 'Sum'),
        threshold: 400,
        periods: 3,
        badPeriods: 2,
      }),
    ];
  }

  private watchTasks(api: ApiService, operations: Operations): void {
    const metric = (metricName: string): cloudwatch.Metric =>
      new cloudwatch.Metric({
        namespace: 'AWS/ECS',
        metricName,
        statistic: 'Average',
        period: ALARM_PERIOD,
        dimensionsMap: { ClusterName: api.clusterName, ServiceName: api.service.serviceName },
      });
    new RunbookAlarm(this, 'Cpu', {
      operations,
      summary: 'The API uses more than 80 % of its CPU though it scales',
      runbook: 'api-capacity',
      metric: metric('CPUUtilization'),
      threshold: 80,
      periods: 2,
    });
    new RunbookAlarm(this, 'Memory', {
      operations,
      summary: 'The API uses more than 85 % of its memory',
      runbook: 'api-capacity',
      metric: metric('MemoryUtilization'),
      threshold: 85,
      periods: 2,
    });
  }
}

import { Duration } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** Share of a task's CPU that scaling aims at; the rest is room for what comes while a new task starts. */
const CPU_PERCENT = 60;

/** Requests a minute that one task should have to answer; ten a second, until a load test says better. */
const REQUESTS_PER_MINUTE = 600;

/** What the scaling is made from. */
export interface ApiScalingProps {
  /** The environment; its `api.minTasks` and `api.maxTasks` are the limits. */
  readonly environment: Environment;
  /** The service whose tasks are counted. */
  readonly service: ecs.FargateService;
  /** Both groups of the release, since either may be the live one. */
  readonly targetGroups: readonly elb.ApplicationTargetGroup[];
}

/** The number of tasks: by CPU and by requests. The service itself names none, for it must never change. */
export class ApiScaling extends Construct {
  constructor(scope: Construct, id: string, props: ApiScalingProps) {
    super(scope, id);
    const { api } = props.environment;

    const tasks = props.service.autoScaleTaskCount({ minCapacity: api.minTasks, maxCapacity: api.maxTasks });
    tasks.scaleOnCpuUtilization('Cpu', {
      targetUtilizationPercent: CPU_PERCENT,
      scaleInCooldown: Duration.minutes(5),
      scaleOutCooldown: Duration.minutes(1),
    });
    this.scaleOnRequests(tasks, props.targetGroups);
  }

  /**
   * The ready-made metric `ALBRequestCountPerTarget` names one target group and so goes blind when a release
   * changes the live one; the sum of both groups follows it. The L2 takes no metric math, hence the L1.
   */
  private scaleOnRequests(tasks: ecs.ScalableTaskCount, groups: readonly elb.ApplicationTargetGroup[]): void {
    const policy = new scaling.CfnScalingPolicy(this, 'Requests', {
      policyName: 'Requests',
      policyType: 'TargetTrackingScaling',
      // The reference's `resourceId` is the Ref of the target, which is the scalable target's id.
      scalingTargetId: tasks.scalableTargetRef.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: REQUESTS_PER_MINUTE,
        scaleInCooldown: Duration.minutes(5).toSeconds(),
        scaleOutCooldown: Duration.minutes(1).toSeconds(),
        customizedMetricSpecification: {
          metrics: [
            ...groups.map((group, index) => ({
              id: `group${index}`,
              returnData: false,
              metricStat: {
                stat: 'Sum',
                metric: {
                  namespace: 'AWS/ApplicationELB',
                  metricName: 'RequestCountPerTarget',
                  dimensions: [{ name: 'TargetGroup', value: group.targetGroupFullName }],
                },
              },
            })),
            {
              id: 'requests',
              label: 'Requests a minute and task',
              expression: groups.map((_, index) => `FILL(group${index}, 0)`).join(' + '),
              returnData: true,
            },
          ],
        },
      },
    });
    policy.node.addDependency(tasks);
  }
}

import { Duration, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { explainWildcard } from '../gate';
import type { ApiLoadBalancer } from './api-load-balancer';
import type { ApiService } from './api-service';
import type { ReleaseHooks } from './release-hooks';

const { EcsDeploymentConfig } = codedeploy;

/** What the release is made from. */
export interface ApiReleaseProps {
  /** The environment; `release` and `bakeMinutes` say how traffic moves. */
  readonly environment: Environment;
  /** The service that is released. */
  readonly api: ApiService;
  /** Listeners and target groups that traffic moves over. */
  readonly front: ApiLoadBalancer;
  /** Role that the tasks run as; CodeDeploy hands it to the new ones. */
  readonly taskRole: iam.IRole;
  /** The functions that judge a new version. */
  readonly hooks: ReleaseHooks;
  /** Alarms that stop a release and take it back, ten at most (CodeDeploy's quota). */
  readonly alarms: readonly cloudwatch.IAlarm[];
}

/**
 * How a new version takes the traffic: CodeDeploy starts it beside the old one, shifts the listener as the
 * environment's `release` says, and goes back by itself when it fails, is stopped or an alarm goes off.
 */
export class ApiRelease extends Construct {
  /** The CodeDeploy application. */
  readonly application: codedeploy.EcsApplication;
  /** The deployment group. */
  readonly group: codedeploy.EcsDeploymentGroup;

  constructor(scope: Construct, id: string, props: ApiReleaseProps) {
    super(scope, id);
    const { environment, front } = props;

    this.application = new codedeploy.EcsApplication(this, 'Application');
    const role = this.role(props);
    this.group = new codedeploy.EcsDeploymentGroup(this, 'Group', {
      application: this.application,
      service: props.api.service,
      // Without policy updates, since CDK would attach AWSCodeDeployRoleForECS, which allows every service, listener and bucket.
      role: role.withoutPolicyUpdates(),
      deploymentConfig: this.configuration(environment),
      blueGreenDeploymentConfig: {
        blueTargetGroup: front.blue,
        greenTargetGroup: front.green,
        listener: front.production,
        testListener: front.test,
        terminationWaitTime: Duration.minutes(environment.bakeMinutes),
      },
      alarms: [...props.alarms],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
    // CodeDeploy looks at the service by this role when the group is made.
    this.group.node.addDependency(this.permissions(role, props));
    props.hooks.reportTo(this.group);
  }

  /** AWS's own configuration where there is one, else one of ours. */
  private configuration({ release }: Environment): codedeploy.IEcsDeploymentConfig {
    if (release.strategy === 'all-at-once') return EcsDeploymentConfig.ALL_AT_ONCE;
    const { strategy, percentage, intervalMinutes } = release;
    const ready: Readonly<Record<string, codedeploy.IEcsDeploymentConfig>> = {
      'canary 10 5': EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      'canary 10 15': EcsDeploymentConfig.CANARY_10PERCENT_15MINUTES,
      'linear 10 1': EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTES,
      'linear 10 3': EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES,
    };
    const step = { percentage, interval: Duration.minutes(intervalMinutes) };
    return (
      ready[`${strategy} ${percentage} ${intervalMinutes}`] ??
      new EcsDeploymentConfig(this, 'Configuration', {
        trafficRouting:
          strategy === 'canary'
            ? codedeploy.TrafficRouting.timeBasedCanary(step)
            : codedeploy.TrafficRouting.timeBasedLinear(step),
      })
    );
  }

  /** The role of deployments; only CodeDeploy for this account may take it. */
  private role({ environment }: ApiReleaseProps): iam.Role {
    return new iam.Role(this, 'Role', {
      description: 'Moves traffic of the API between its target groups',
      assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': environment.account } },
      }),
    });
  }

  /** What CodeDeploy does for an ECS deployment (its guide, "codedeploy_IAM_role"), on this service alone. */
  private permissions(role: iam.IRole, { api, front, taskRole, hooks }: ApiReleaseProps): iam.ManagedPolicy {
    const stack = Stack.of(this);
    const executionRole = api.taskDefinition.obtainExecutionRole();
    const serviceArn = stack.formatArn({
      service: 'ecs',
      resource: 'service',
      resourceName: `${api.clusterName}/*`,
    });
    const taskSets = stack.formatArn({
      service: 'ecs',
      resource: 'task-set',
      resourceName: `${api.clusterName}/*`,
    });
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      description: 'CodeDeploy releases the API',
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'MoveTaskSets',
          actions: ['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet', 'ecs:DeleteTaskSet'],
          resources: [serviceArn, taskSets],
        }),
        // A task set has no ARN before it is made; the cluster is what the action can be held to.
        new iam.PolicyStatement({
          sid: 'MakeTaskSets',
          actions: ['ecs:CreateTaskSet'],
          resources: ['*'],
          conditions: { ArnEquals: { 'ecs:cluster': api.clusterArn } },
        }),
        new iam.PolicyStatement({
          sid: 'MoveTraffic',
          actions: ['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'],
          resources: [
            front.production.listenerArn,
            front.test.listenerArn,
            stack.formatArn({
              service: 'elasticloadbalancing',
              resource: 'listener-rule',
              resourceName: `${front.loadBalancer.loadBalancerFullName}/*`,
            }),
          ],
        }),
        new iam.PolicyStatement({
          sid: 'ReadLoadBalancersAndAlarms',
          actions: [
            'elasticloadbalancing:DescribeTargetGroups',
            'elasticloadbalancing:DescribeListeners',
            'elasticloadbalancing:DescribeRules',
            'cloudwatch:DescribeAlarms',
          ],
          resources: ['*'],
        }),
        new iam.PolicyStatement({
          sid: 'CallHooks',
          actions: ['lambda:InvokeFunction'],
          resources: hooks.all.map(({ function: { functionArn } }) => functionArn),
        }),
        new iam.PolicyStatement({
          sid: 'HandRolesToTasks',
          actions: ['iam:PassRole'],
          resources: [taskRole.roleArn, executionRole.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
      ],
    });
    explainWildcard(policy, {
      'cloudwatch:DescribeAlarms': 'CodeDeploy asks for alarms without naming them; reading only',
      'ecs:CreateTaskSet': 'ECS has no resource level for it; a condition holds it to the one cluster',
    });
    return policy;
  }
}

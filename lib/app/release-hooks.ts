import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { checkBeforeTrafficSchema } from '../../lambda/check-before-traffic/env';
import { checkTestTrafficSchema } from '../../lambda/check-test-traffic/env';
import type { Environment } from '../config/schema';
import type { Data } from '../data/data-stack';
import { explainWildcard } from '../gate';
import type { Network } from '../network/network-stack';
import { Handler } from '../shared/handler';
import type { Operations } from '../shared/operations';
import { TEST_LISTENER_PORT } from '../shared/ports';
import { ALARM_PERIOD, RunbookAlarm } from '../shared/runbook-alarm';
import type { ApiLoadBalancer } from './api-load-balancer';

/** What the hooks are made from. */
export interface ReleaseHooksProps {
  /** The environment that is released. */
  readonly environment: Environment;
  /** The network they stand in. */
  readonly network: Network;
  /** Where they log and alarm. */
  readonly operations: Operations;
  /** Holds the alarms of the database. */
  readonly data: Data;
  /** The load balancer whose test listener they ask. */
  readonly front: ApiLoadBalancer;
  /** Signs in the synthetic person. */
  readonly signIn: lambda.IFunction;
}

/** The two functions that judge a new version while CodeDeploy waits: at the test traffic, and before the public one. */
export class ReleaseHooks extends Construct {
  /** Tries the new version on the test listener. */
  readonly testTraffic: Handler;
  /** Looks at the schema, the database and the queues. */
  readonly beforeTraffic: Handler;
  /** Goes off when a hook itself fails, which leaves CodeDeploy waiting. */
  readonly broken: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: ReleaseHooksProps) {
    super(scope, id);
    const { environment, network, operations, data, front, signIn } = props;
    const common = {
      environment,
      operations,
      vpc: network.vpc,
      securityGroup: network.securityGroups.functions,
      timeout: Duration.minutes(2),
      reservedConcurrency: 2,
      seesInterfaces: true,
    };
    const listener = {
      LOAD_BALANCER: front.loadBalancer.loadBalancerFullName,
      TEST_PORT: String(TEST_LISTENER_PORT),
      ...(environment.domain && { API_HOST: `api.${environment.domain.name}` }),
    };
    // By the start of their names and not by reference: the Video stack is deployed beside this one, and neither waits for
    // the other. CloudFormation starts a name that it generates with the stack's.
    const queueAlarms = `${Stack.of(this).stackName.replace(/App$/, 'Video')}-`;
    this.testTraffic = new Handler(this, 'TestTraffic', {
      ...common,
      name: 'check-test-traffic',
      description: 'Tries a new version of the API on the test listener',
      schema: checkTestTrafficSchema,
      variables: { ...listener, SIGN_IN_FUNCTION: signIn.functionName },
    });
    this.testTraffic.role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'TryAsSyntheticPerson',
        actions: ['lambda:InvokeFunction'],
        resources: [signIn.functionArn],
      }),
    );
    this.beforeTraffic = new Handler(this, 'BeforeTraffic', {
      ...common,
      name: 'check-before-traffic',
      description: 'The last gate before a new version of the API has public traffic',
      schema: checkBeforeTrafficSchema,
      variables: {
        ...listener,
        ALARMS: data.databaseAlarms.map(({ alarmName }) => alarmName).join(','),
        QUEUE_ALARMS: queueAlarms,
      },
    });
    const alarms = new iam.PolicyStatement({
      sid: 'ReadAlarms',
      actions: ['cloudwatch:DescribeAlarms'],
      resources: ['*'],
    });
    this.beforeTraffic.role.addToPolicy(alarms);
    explainWildcard(this.beforeTraffic.role, {
      'cloudwatch:DescribeAlarms':
        'CloudWatch has no resource level for listing alarms by name; reading only',
    });
    this.broken = new RunbookAlarm(this, 'Broken', {
      operations,
      summary: 'A check of a release failed itself',
      runbook: 'handler-errors',
      threshold: 1,
      metric: new cloudwatch.MathExpression({
        expression: 'test + before',
        period: ALARM_PERIOD,
        usingMetrics: {
          test: this.testTraffic.function.metricErrors({ period: ALARM_PERIOD }),
          before: this.beforeTraffic.function.metricErrors({ period: ALARM_PERIOD }),
        },
      }),
    });
  }

  /** Lets the hooks ask what a deployment is and tell how they judge it. */
  reportTo(group: codedeploy.IEcsDeploymentGroup): void {
    // Apart from the roles' own policies, on which the functions wait, and the group on the functions.
    new iam.ManagedPolicy(this, 'Report', {
      description: 'The checks of a release tell CodeDeploy what they found',
      roles: [this.testTraffic.role, this.beforeTraffic.role],
      statements: [
        new iam.PolicyStatement({
          sid: 'JudgeDeployment',
          actions: ['codedeploy:GetDeployment', 'codedeploy:PutLifecycleEventHookExecutionStatus'],
          resources: [group.deploymentGroupArn],
        }),
      ],
    });
  }
}

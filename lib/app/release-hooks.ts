import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { checkBeforeTrafficSchema } from '../../lambda/check-before-traffic/env';
import { tryVersionSchema } from '../../lambda/try-version/env';
import type { Environment } from '../config/schema';
import type { Data } from '../data/data-stack';
import { explainWildcard } from '../gate';
import type { Network } from '../network/network-stack';
import { Handler } from '../shared/handler';
import type { Operations } from '../shared/operations';
import { PUBLIC_LISTENER_PORT, TEST_LISTENER_PORT } from '../shared/ports';
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
  /** The load balancer whose listeners they ask. */
  readonly front: ApiLoadBalancer;
  /** Signs in the synthetic person. */
  readonly signIn: lambda.IFunction;
}

/**
 * What judges a new version while CodeDeploy waits: on the test listener, before public traffic, and on the public listener
 * once all of it has moved, when going back still takes seconds.
 */
export class ReleaseHooks extends Construct {
  /** Tries the new version on the test listener. */
  readonly testTraffic: Handler;
  /** Looks at the schema, the database and the queues. */
  readonly beforeTraffic: Handler;
  /** Tries the new version on the public listener. */
  readonly publicTraffic: Handler;
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
      ...(environment.domain && { API_HOST: `api.${environment.domain.name}` }),
    };
    // By the start of their names and not by reference: the Video stack is deployed beside this one, and neither waits for
    // the other. CloudFormation starts a name that it generates with the stack's.
    const queueAlarms = `${Stack.of(this).stackName.replace(/App$/, 'Video')}-`;
    const trial = (part: string, what: string, port: number): Handler => {
      const handler = new Handler(this, part, {
        ...common,
        name: 'try-version',
        description: `Tries a new version of the API on the ${what} listener`,
        schema: tryVersionSchema,
        variables: { ...listener, LISTENER_PORT: String(port), SIGN_IN_FUNCTION: signIn.functionName },
      });
      handler.role.addToPolicy(
        new iam.PolicyStatement({
          sid: 'TryAsSyntheticPerson',
          actions: ['lambda:InvokeFunction'],
          resources: [signIn.functionArn],
        }),
      );
      return handler;
    };
    this.testTraffic = trial('TestTraffic', 'test', TEST_LISTENER_PORT);
    this.publicTraffic = trial('PublicTraffic', 'public', PUBLIC_LISTENER_PORT);
    this.beforeTraffic = new Handler(this, 'BeforeTraffic', {
      ...common,
      name: 'check-before-traffic',
      description: 'The last gate before a new version of the API has public traffic',
      schema: checkBeforeTrafficSchema,
      variables: {
        ...listener,
        LISTENER_PORT: String(TEST_LISTENER_PORT),
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
        expression: 'test + before + public',
        period: ALARM_PERIOD,
        usingMetrics: {
          test: this.testTraffic.function.metricErrors({ period: ALARM_PERIOD }),
          before: this.beforeTraffic.function.metricErrors({ period: ALARM_PERIOD }),
          public: this.publicTraffic.function.metricErrors({ period: ALARM_PERIOD }),
        },
      }),
    });
  }

  /** Each of them. */
  get all(): readonly Handler[] {
    return [this.testTraffic, this.beforeTraffic, this.publicTraffic];
  }

  /** Lets the hooks ask what a deployment is and tell how they judge it. */
  reportTo(group: codedeploy.IEcsDeploymentGroup): void {
    // Apart from the roles' own policies, on which the functions wait, and the group on the functions.
    new iam.ManagedPolicy(this, 'Report', {
      description: 'The checks of a release tell CodeDeploy what they found',
      roles: this.all.map(({ role }) => role),
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

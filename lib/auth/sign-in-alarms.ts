import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What the alarms over sign-ins are made from. */
export interface SignInAlarmsProps {
  /** The pool. */
  readonly userPool: cognito.IUserPool;
  /** Its clients, each with the metric id that it goes by. */
  readonly clients: Readonly<Record<string, cognito.IUserPoolClient>>;
  /** Where the alarms are sent. */
  readonly topic: sns.ITopic;
}

const PERIOD = Duration.minutes(5);
const RUNBOOK = 'Runbook: docs/runbooks/sign-in-failures.md';

/** Alarms over failed sign-ins, stolen accounts and leaked passwords. */
export class SignInAlarms extends Construct {
  constructor(scope: Construct, id: string, props: SignInAlarmsProps) {
    super(scope, id);
    const alarms = [
      failures(props).createAlarm(this, 'Failures', {
        alarmDescription: `More than 20 sign-ins failed in 5 minutes. ${RUNBOOK}`,
        threshold: 20,
        evaluationPeriods: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
      ...['AccountTakeoverRisk', 'CompromisedCredentialRisk'].map((metricName) =>
        // Dimensions: Amazon Cognito developer guide, "Viewing threat protection metrics".
        new cloudwatch.Metric({
          namespace: 'AWS/Cognito',
          metricName,
          dimensionsMap: { UserPoolId: props.userPool.userPoolId, Operation: 'SignIn', RiskLevel: 'high' },
          statistic: cloudwatch.Stats.SUM,
          period: PERIOD,
        }).createAlarm(this, metricName, {
          alarmDescription: `A sign-in was judged to be of high risk. ${RUNBOOK}`,
          threshold: 1,
          evaluationPeriods: 1,
          treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        }),
      ),
    ];
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(props.topic));
  }
}

/** Cognito counts 1 for a success and 0 for a failure: failures are the samples less the sum, over all clients. */
function failures({ userPool, clients }: SignInAlarmsProps): cloudwatch.MathExpression {
  const usingMetrics: Record<string, cloudwatch.IMetric> = {};
  const terms = Object.entries(clients).map(([name, client]) => {
    const metric = (statistic: string): cloudwatch.Metric =>
      new cloudwatch.Metric({
        namespace: 'AWS/Cognito',
        metricName: 'SignInSuccesses',
        dimensionsMap: { UserPool: userPool.userPoolId, UserPoolClient: client.userPoolClientId },
        statistic,
        period: PERIOD,
      });
    usingMetrics[`${name}Tries`] = metric(cloudwatch.Stats.SAMPLE_COUNT);
    usingMetrics[`${name}Successes`] = metric(cloudwatch.Stats.SUM);
    return `FILL(${name}Tries, 0) - FILL(${name}Successes, 0)`;
  });
  return new cloudwatch.MathExpression({
    expression: terms.join(' + '),
    usingMetrics,
    label: 'failed sign-ins',
    period: PERIOD,
  });
}

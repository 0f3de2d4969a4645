import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { Operations } from './operations';

/** When an alarm goes off and what to do then. */
export interface RunbookAlarmProps {
  /** What is measured. */
  readonly metric: cloudwatch.IMetric;
  /** The value from which on, or up to which, it is wrong; in the unit of the metric. */
  readonly threshold: number;
  /** What has happened, in a sentence without a full stop. */
  readonly summary: string;
  /** Name of the runbook, `docs/runbooks/<name>.md`. */
  readonly runbook: string;
  /** Where the alarm is sent. */
  readonly operations: Operations;
  /**
   * Periods in a row that must be wrong.
   * @default 1
   */
  readonly periods?: number;
  /**
   * How many of those periods are enough.
   * @default - all of them
   */
  readonly badPeriods?: number;
}

/** The period that alarms look at, unless their metric says otherwise. */
export const ALARM_PERIOD = Duration.minutes(5);

/** An alarm that tells people, when it starts and when it ends, and names the runbook to follow. */
export class RunbookAlarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id, {
      metric: props.metric,
      threshold: props.threshold,
      evaluationPeriods: props.periods ?? 1,
      ...(props.badPeriods !== undefined && { datapointsToAlarm: props.badPeriods }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `${props.summary}. Runbook: docs/runbooks/${props.runbook}.md`,
    });
    const action = new SnsAction(props.operations.alarmTopic);
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}

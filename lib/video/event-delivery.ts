import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Operations } from '../shared/operations';
import { RunbookAlarm } from '../shared/runbook-alarm';

/** What delivery is made from. */
export interface EventDeliveryProps {
  /** Where queues are encrypted and alarms sent. */
  readonly operations: Operations;
  /** Which events. */
  readonly eventPattern: events.EventPattern;
  /** What handles them. */
  readonly handler: lambda.IFunction;
}

/**
 * Events of the default bus to a function: tried again for a day, then kept for two weeks. Two queues catch what
 * fails: this one what EventBridge could not hand over, the function's own what it could not handle.
 */
export class EventDelivery extends Construct {
  constructor(scope: Construct, id: string, props: EventDeliveryProps) {
    super(scope, id);
    const { operations } = props;
    const deadLetterQueue = new sqs.Queue(this, 'Undelivered', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: operations.queueKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    new events.Rule(this, 'Rule', {
      eventPattern: props.eventPattern,
      targets: [
        new targets.LambdaFunction(props.handler, {
          deadLetterQueue,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    });
    new RunbookAlarm(this, 'NotDelivered', {
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
      threshold: 1,
      summary: 'EventBridge could not hand video events to their function',
      runbook: 'video-events-undelivered',
      operations,
    });
  }
}

import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { meetingEventsSchema, meetingMetrics } from '../../lambda/meeting-events/env';
import type { Data } from '../data/data-stack';
import type { Network } from '../network/network-stack';
import type { Environment } from '../config/schema';
import { Handler, METRICS_NAMESPACE } from '../shared/handler';
import type { Operations } from '../shared/operations';
import { ALARM_PERIOD, RunbookAlarm } from '../shared/runbook-alarm';
import { appendToAudit } from './append-to-audit';
import { EventDelivery } from './event-delivery';

/** Name by which the handler's metrics are told apart; Powertools takes it from the function. */
const HANDLER = 'meeting-events';

/** What the meeting events are made from. */
export interface MeetingEventsProps {
  /** The environment whose visits they are of. */
  readonly environment: Environment;
  /** The network the handler stands in. */
  readonly network: Network;
  /** Where it logs and alarms. */
  readonly operations: Operations;
  /** Where the audit table is. */
  readonly data: Data;
}

/** What happens in video visits, appended to the audit table; alarms on visits that fail and tokens that are abused. */
export class MeetingEvents extends Construct {
  constructor(scope: Construct, id: string, props: MeetingEventsProps) {
    super(scope, id);
    const { environment, network, operations, data } = props;
    const { auditEvents } = data.tables;

    const handler = new Handler(this, 'Handler', {
      environment,
      operations,
      name: HANDLER,
      description: 'Appends the events of video visits to the audit table',
      schema: meetingEventsSchema,
      variables: {
        AUDIT_TABLE: auditEvents.tableName,
        AUDIT_RETENTION_DAYS: String(environment.retention.auditDays),
      },
      vpc: network.vpc,
      securityGroup: network.securityGroups.functions,
    });
    for (const statement of appendToAudit(environment, auditEvents, data.keys.audit))
      handler.role.addToPolicy(statement);
    new EventDelivery(this, 'Delivery', {
      operations,
      handler: handler.function,
      eventPattern: { source: ['aws.chime'], detailType: ['Chime Meeting State Change'] },
    });

    const metric = (metricName: string): cloudwatch.Metric =>
      new cloudwatch.Metric({
        namespace: METRICS_NAMESPACE,
        metricName,
        statistic: 'Sum',
        period: ALARM_PERIOD,
        dimensionsMap: { service: HANDLER },
      });
    // Both figures are the company's: more than five failures and more than ten token failures in five minutes.
    new RunbookAlarm(this, 'FailedJoins', {
      operations,
      metric: metric(meetingMetrics.failedJoins),
      threshold: 6,
      summary: 'People could not join their visit, or were dropped from it',
      runbook: 'video-failed-joins',
    });
    new RunbookAlarm(this, 'TokenAbuse', {
      operations,
      metric: metric(meetingMetrics.tokenReuse),
      threshold: 11,
      summary: 'Join tokens that had been used were used again',
      runbook: 'video-token-abuse',
    });
  }
}

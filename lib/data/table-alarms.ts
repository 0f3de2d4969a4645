import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Operations } from '../shared/operations';
import { ALARM_PERIOD, RunbookAlarm } from '../shared/runbook-alarm';
import type { Tables } from './data-stack';

/** What the alarms watch. */
export interface TableAlarmsProps {
  /** The tables. */
  readonly tables: Tables;
  /** Where alarms are sent. */
  readonly operations: Operations;
}

/** Whether a table turned requests away. */
export class TableAlarms extends Construct {
  constructor(scope: Construct, id: string, props: TableAlarmsProps) {
    super(scope, id);
    const watched = {
      ProvisionalPatients: props.tables.provisionalPatients,
      ClinicianApplications: props.tables.clinicianApplications,
      AuditEvents: props.tables.auditEvents,
    };
    for (const [name, table] of Object.entries(watched))
      for (const [what, metricName] of [
        ['Reads', 'ReadThrottleEvents'],
        ['Writes', 'WriteThrottleEvents'],
      ] as const)
        new RunbookAlarm(this, `${name}${what}`, {
          metric: table.metric(metricName, { period: ALARM_PERIOD, statistic: Stats.SUM }),
          threshold: 1,
          summary: `${what} of the table ${name} were turned away`,
          runbook: 'table-throttling',
          operations: props.operations,
        });
  }
}

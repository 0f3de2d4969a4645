import type * as rds from 'aws-cdk-lib/aws-rds';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { Operations } from '../shared/operations';
import { ALARM_PERIOD, RunbookAlarm } from '../shared/runbook-alarm';

/** What the alarms watch. */
export interface DatabaseAlarmsProps {
  /** The environment the cluster belongs to. */
  readonly environment: Environment;
  /** The cluster. */
  readonly cluster: rds.DatabaseCluster;
  /** Where alarms are sent. */
  readonly operations: Operations;
}

/**
 * The number of connections to warn at. An Aurora PostgreSQL instance takes about 200 for each ACU of the cluster's
 * maximum, and at most 2,000 when the minimum is 0.5 ACU (Aurora user guide, "Maximum connections for Aurora
 * Serverless v2": 189 at 1, 823 at 4, 3,360 at 16); this is three quarters of it.
 */
export function connectionThreshold({ minCapacity, maxCapacity }: Environment['database']): number {
  const most = minCapacity < 1 ? 1500 : 3750;
  return Math.min(150 * maxCapacity, most);
}

/** Whether the database is near one of its limits. */
export class DatabaseAlarms extends Construct {
  /** Goes off at three quarters of the connections. */
  readonly connections: RunbookAlarm;
  /** All of them. */
  readonly all: readonly RunbookAlarm[];

  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    const { environment, cluster, operations } = props;
    const maximum = { period: ALARM_PERIOD, statistic: Stats.MAXIMUM };

    const cpu = new RunbookAlarm(this, 'Cpu', {
      metric: cluster.metricCPUUtilization({ period: ALARM_PERIOD }),
      threshold: 80,
      periods: 2,
      summary: 'The database uses 80 % of its CPU or more for ten minutes',
      runbook: 'database-load',
      operations,
    });
    const capacity = new RunbookAlarm(this, 'Capacity', {
      metric: cluster.metricACUUtilization(maximum),
      threshold: 90,
      periods: 3,
      summary: 'The database is near its greatest capacity for fifteen minutes',
      runbook: 'database-load',
      operations,
    });
    this.connections = new RunbookAlarm(this, 'Connections', {
      metric: cluster.metricDatabaseConnections(maximum),
      threshold: connectionThreshold(environment.database),
      summary: 'The database holds three quarters of the connections it can',
      runbook: 'database-connections',
      operations,
    });
    const transactionIds = new RunbookAlarm(this, 'TransactionIds', {
      // Autovacuum should keep this far lower; at 2.1 thousand million PostgreSQL stops writing.
      metric: cluster.metric('MaximumUsedTransactionIDs', maximum),
      threshold: 1_000_000_000,
      summary: 'The database is running out of transaction ids',
      runbook: 'database-transaction-ids',
      operations,
    });
    this.all = [cpu, capacity, this.connections, transactionIds, ...this.replicaLag(props)];
  }

  private replicaLag({ environment, cluster, operations }: DatabaseAlarmsProps): readonly RunbookAlarm[] {
    if (environment.database.readers === 0) return [];
    return [
      new RunbookAlarm(this, 'ReplicaLag', {
        metric: cluster.metric('AuroraReplicaLagMaximum', { period: ALARM_PERIOD, statistic: Stats.MAXIMUM }),
        threshold: 1000,
        periods: 2,
        summary: 'A reader is a second or more behind the writer for ten minutes',
        runbook: 'database-replica-lag',
        operations,
      }),
    ];
  }
}

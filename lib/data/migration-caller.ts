import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { SNAPSHOT_INFIX } from '../migrations/remote/outputs';
import { callerRoleName, takersOf } from '../shared/pipeline-roles';
import type { Database } from './data-stack';

/** What the caller's role is made from. */
export interface MigrationCallerProps {
  /** The environment whose database is migrated. */
  readonly environment: Environment;
  /** Account of the pipeline. */
  readonly pipelineAccount: string;
  /** The functions that it may call. */
  readonly functions: readonly lambda.IFunction[];
  /** The database that it may take snapshots of. */
  readonly database: Database;
}

/**
 * What the pipeline becomes in the environment's account to migrate its database: it may call two functions, see this
 * stack, and take snapshots of this cluster under names of its own. One role of the pipeline's account may take it, by
 * name (docs/adr/0113-role-of-the-migration-step.md).
 */
export class MigrationCaller extends iam.Role {
  constructor(scope: Construct, id: string, props: MigrationCallerProps) {
    const { environment, pipelineAccount, database } = props;
    const { account, region } = environment;
    super(scope, id, {
      roleName: callerRoleName('migrate', environment),
      description: 'The pipeline calls the runner of migrations',
      assumedBy: takersOf('migrate', environment, pipelineAccount),
    });
    const cluster = `arn:aws:rds:${region}:${account}:cluster:${database.clusterIdentifier}`;
    const snapshots = `arn:aws:rds:${region}:${account}:cluster-snapshot:${database.clusterIdentifier}${SNAPSHOT_INFIX}*`;
    for (const statement of [
      new iam.PolicyStatement({
        sid: 'CallRunner',
        actions: ['lambda:InvokeFunction'],
        resources: props.functions.map(({ functionArn }) => functionArn),
      }),
      new iam.PolicyStatement({
        sid: 'FindRunner',
        actions: ['cloudformation:DescribeStacks'],
        resources: [Stack.of(scope).stackId],
      }),
      new iam.PolicyStatement({
        sid: 'MarkRestorePoint',
        actions: ['rds:DescribeDBClusters', 'rds:CreateDBClusterSnapshot'],
        resources: [cluster],
      }),
      new iam.PolicyStatement({
        sid: 'TakeSnapshot',
        actions: ['rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots'],
        resources: [snapshots],
      }),
    ])
      this.addToPolicy(statement);
  }
}

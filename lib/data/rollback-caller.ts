import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { callerRoleName, takersOf } from '../shared/pipeline-roles';

/** What the caller's role is made from. */
export interface RollbackCallerProps {
  /** The environment that is taken back. */
  readonly environment: Environment;
  /** Account of the pipeline. */
  readonly pipelineAccount: string;
}

/**
 * What the pipeline becomes in the environment's account, beside the release caller, to go back: it finds the function that
 * only looks at the database, which is granted to it where that is made, and asks it whether the older version fits the
 * schema. One role of the pipeline's account may take it, by name (docs/adr/0118-rollback-is-a-pipeline.md).
 */
export class RollbackCaller extends iam.Role {
  constructor(scope: Construct, id: string, { environment, pipelineAccount }: RollbackCallerProps) {
    super(scope, id, {
      roleName: callerRoleName('rollback', environment),
      description: 'The pipeline asks whether an older version fits the schema',
      assumedBy: takersOf('rollback', environment, pipelineAccount),
    });
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'FindFunction',
        actions: ['cloudformation:DescribeStacks'],
        resources: [Stack.of(scope).stackId],
      }),
    );
  }
}

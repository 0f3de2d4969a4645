import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { callerRoleName, takersOf } from '../shared/pipeline-roles';

/** What the caller's role is made from. */
export interface ReleaseCallerProps {
  /** The environment that is released. */
  readonly environment: Environment;
  /** Account of the pipeline. */
  readonly pipelineAccount: string;
}

/**
 * What the pipeline becomes in the environment's account to release. The app stack adds what a release may do. Two roles of
 * the pipeline's account may take it, by name (docs/adr/0113-role-of-the-migration-step.md).
 */
export class ReleaseCaller extends iam.Role {
  constructor(scope: Construct, id: string, { environment, pipelineAccount }: ReleaseCallerProps) {
    super(scope, id, {
      roleName: callerRoleName('release', environment),
      description: 'The pipeline releases the API',
      assumedBy: takersOf('release', environment, pipelineAccount),
    });
    const stage = Stack.of(scope).stackName.replace(/-[^-]+$/, '');
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ReadStacks',
        actions: ['cloudformation:DescribeStacks'],
        resources: [`arn:aws:cloudformation:${environment.region}:${environment.account}:stack/${stage}-*/*`],
      }),
    );
  }
}

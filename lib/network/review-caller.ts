import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { callerRoleName, takersOf } from '../shared/pipeline-roles';

/** What the caller's role is made from. */
export interface ReviewCallerProps {
  /** The environment that a person approves for. */
  readonly environment: Environment;
  /** Account of the pipeline. */
  readonly pipelineAccount: string;
}

/**
 * What the pipeline becomes in the environment's account to say what a release would change there. It runs the code of a
 * commit that nobody has approved for this environment yet, so it may read the environment's templates and nothing else;
 * the data stack adds that it may ask which migrations are applied. One role of the pipeline's account may take it, by
 * name (docs/adr/0113-role-of-the-migration-step.md).
 */
export class ReviewCaller extends iam.Role {
  constructor(scope: Construct, id: string, { environment, pipelineAccount }: ReviewCallerProps) {
    super(scope, id, {
      roleName: callerRoleName('review', environment),
      description: 'The pipeline looks at what a release would change',
      assumedBy: takersOf('review', environment, pipelineAccount),
    });
    const stage = Stack.of(scope).stackName.replace(/-[^-]+$/, '');
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ReadStacks',
        actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
        resources: [`arn:aws:cloudformation:${environment.region}:${environment.account}:stack/${stage}-*/*`],
      }),
    );
  }
}

import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { callerRoleName, takersOf } from '../shared/pipeline-roles';

/** What the caller's role is made from. */
export interface CheckCallerProps {
  /** The environment that is looked at. */
  readonly environment: Environment;
  /** Account of the pipeline. */
  readonly pipelineAccount: string;
}

/**
 * What the pipeline becomes in the environment's account to judge change sets and to try what was released: it looks, and
 * moves nothing. It stands in the first stack with all that a guard needs, since the change sets of the others are judged
 * before those are there; the app stack adds that it may have the synthetic person signed in. One role of the pipeline's
 * account may take it, by name (docs/adr/0113-role-of-the-migration-step.md).
 */
export class CheckCaller extends iam.Role {
  constructor(scope: Construct, id: string, { environment, pipelineAccount }: CheckCallerProps) {
    super(scope, id, {
      roleName: callerRoleName('check', environment),
      description: 'The pipeline judges change sets and tries what was released',
      assumedBy: takersOf('check', environment, pipelineAccount),
    });
    const { account, region } = environment;
    const stage = Stack.of(scope).stackName.replace(/-[^-]+$/, '');
    // CloudFormation starts a name that it generates with the stack's.
    const app = `${stage}-App-*`;
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ReadStacks',
        actions: [
          'cloudformation:DescribeStacks',
          'cloudformation:DescribeChangeSet',
          'cloudformation:GetTemplate',
        ],
        resources: [`arn:aws:cloudformation:${region}:${account}:stack/${stage}-*/*`],
      }),
    );
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'SeeDeployments',
        actions: [
          'codedeploy:GetDeployment',
          'codedeploy:GetDeploymentGroup',
          'codedeploy:ListDeployments',
          'codedeploy:ListDeploymentTargets',
          'codedeploy:BatchGetDeploymentTargets',
        ],
        resources: [`arn:aws:codedeploy:${region}:${account}:deploymentgroup:${app}/*`],
      }),
    );
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'SeeRevisions',
        actions: ['codedeploy:GetApplicationRevision'],
        resources: [`arn:aws:codedeploy:${region}:${account}:application:${app}`],
      }),
    );
  }
}

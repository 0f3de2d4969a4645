import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/schema';
import { callerRoleName, type PipelineTask, stepRoleName } from '../../shared/pipeline-roles';

/** What the role is made from. */
export interface StepRoleProps {
  /** The environment that the steps change. */
  readonly environment: Environment;
  /** What they do there. */
  readonly task: PipelineTask;
  /** Account of the pipeline, which alone may have builds take the role. */
  readonly pipelineAccount: string;
}

/**
 * The role of an environment's steps of one task. It may become the one caller for that task in that environment's
 * account; its name is fixed, since that caller knows it by name (docs/adr/0113-role-of-the-migration-step.md).
 */
export class StepRole extends iam.Role {
  constructor(scope: Construct, id: string, props: StepRoleProps) {
    const { environment, task, pipelineAccount } = props;
    super(scope, id, {
      roleName: stepRoleName(task, environment),
      description: `${task === 'migrate' ? 'Migrates the database of' : 'Releases the API of'} ${environment.name}`,
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': pipelineAccount } },
      }),
    });
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: task === 'migrate' ? 'BecomeMigrationCaller' : 'BecomeReleaseCaller',
        actions: ['sts:AssumeRole'],
        resources: [callerRoleArn(task, environment)],
      }),
    );
  }
}

/** ARN of the role in the environment's account that the steps of a task take. */
export function callerRoleArn(task: PipelineTask, environment: Environment): string {
  return `arn:aws:iam::${environment.account}:role/${callerRoleName(task, environment)}`;
}

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

const WORDS: Readonly<Record<PipelineTask, string>> = {
  check: 'Looks at change sets and releases of',
  migrate: 'Migrates the database of',
  release: 'Releases the API of',
  review: 'Looks at what a release would change in',
  rollback: 'Takes the API back in',
};

const SIDS: Readonly<Record<PipelineTask, string>> = {
  check: 'BecomeCheckCaller',
  migrate: 'BecomeMigrationCaller',
  release: 'BecomeReleaseCaller',
  review: 'BecomeReviewCaller',
  rollback: 'BecomeRollbackCaller',
};

/**
 * The role of an environment's steps of one task. It may become the caller for that task in that environment's account,
 * and to go back that of releasing too; its name is fixed, since they know it by name
 * (docs/adr/0113-role-of-the-migration-step.md).
 */
export class StepRole extends iam.Role {
  /** What its steps do. */
  readonly task: PipelineTask;

  constructor(scope: Construct, id: string, props: StepRoleProps) {
    const { environment, task, pipelineAccount } = props;
    super(scope, id, {
      roleName: stepRoleName(task, environment),
      description: `${WORDS[task]} ${environment.name}`,
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': pipelineAccount } },
      }),
    });
    this.task = task;
    for (const caller of task === 'rollback' ? (['release', 'rollback'] as const) : [task])
      this.addToPolicy(
        new iam.PolicyStatement({
          sid: SIDS[caller],
          actions: ['sts:AssumeRole'],
          resources: [callerRoleArn(caller, environment)],
        }),
      );
  }
}

/** ARN of the role in the environment's account that the steps of a task take. */
export function callerRoleArn(task: PipelineTask, environment: Environment): string {
  return `arn:aws:iam::${environment.account}:role/${callerRoleName(task, environment)}`;
}

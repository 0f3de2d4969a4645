import * as iam from 'aws-cdk-lib/aws-iam';
import type { Environment } from '../config/schema';

/** What the pipeline does in an environment's account beside deploying its stacks. */
export type PipelineTask = 'check' | 'migrate' | 'release' | 'review' | 'rollback';

/** Name of the role in the pipeline's account that a task's steps run as; known before it is made. */
export function stepRoleName(task: PipelineTask, { name }: Environment): string {
  return `telehealth-pipeline-${task}-${name}`;
}

const CALLERS: Readonly<Record<PipelineTask, string>> = {
  check: 'check',
  migrate: 'migration',
  release: 'release',
  review: 'review',
  rollback: 'rollback',
};

/** Name of the role in an environment's account that those steps take. */
export function callerRoleName(task: PipelineTask, { name }: Environment): string {
  return `telehealth-${name}-${CALLERS[task]}-caller`;
}

/**
 * Who may take the caller of a task: the role in the pipeline's account of its own steps, by name, and for releasing that of
 * going back, which is a release as well.
 */
export function takersOf(
  task: PipelineTask,
  environment: Environment,
  pipelineAccount: string,
): iam.PrincipalWithConditions {
  const [own, ...others] = [task, ...(task === 'release' ? (['rollback'] as const) : [])].map(
    (one) => `arn:aws:iam::${pipelineAccount}:role/${stepRoleName(one, environment)}`,
  );
  return new iam.PrincipalWithConditions(new iam.AccountPrincipal(pipelineAccount), {
    ArnEquals: { 'aws:PrincipalArn': others.length > 0 ? [own, ...others] : own },
  });
}

import type { Environment } from '../config/schema';

/** What the pipeline does in an environment's account beside deploying its stacks. */
export type PipelineTask = 'migrate' | 'release' | 'review';

/** What a role in the pipeline's account is for: one task, or going back, which releases and asks the database first. */
export type StepTask = PipelineTask | 'rollback';

/** Name of the role in the pipeline's account that a task's steps run as; known before it is made. */
export function stepRoleName(task: StepTask, { name }: Environment): string {
  return `telehealth-pipeline-${task}-${name}`;
}

const CALLERS: Readonly<Record<PipelineTask, string>> = {
  migrate: 'migration',
  release: 'release',
  review: 'review',
};

/** Name of the role in an environment's account that those steps take. */
export function callerRoleName(task: PipelineTask, { name }: Environment): string {
  return `telehealth-${name}-${CALLERS[task]}-caller`;
}

/** ARNs of the two roles in the pipeline's account that may take the caller of a task: its own, and that of going back. */
export function takersOf(task: PipelineTask, environment: Environment, pipelineAccount: string): string[] {
  return ([task, 'rollback'] as const).map(
    (one) => `arn:aws:iam::${pipelineAccount}:role/${stepRoleName(one, environment)}`,
  );
}

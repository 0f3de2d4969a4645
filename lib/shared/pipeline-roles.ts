import type { Environment } from '../config/schema';

/** What the pipeline does in an environment's account beside deploying its stacks. */
export type PipelineTask = 'migrate' | 'release';

/** Name of the role in the pipeline's account that a task's steps run as; known before it is made. */
export function stepRoleName(task: PipelineTask, { name }: Environment): string {
  return `telehealth-pipeline-${task}-${name}`;
}

const CALLERS: Readonly<Record<PipelineTask, string>> = { migrate: 'migration', release: 'release' };

/** Name of the role in an environment's account that those steps take. */
export function callerRoleName(task: PipelineTask, { name }: Environment): string {
  return `telehealth-${name}-${CALLERS[task]}-caller`;
}

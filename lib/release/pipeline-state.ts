import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { type Patience, persist } from './aws/persist';
import { Refused } from './errors';

/** Where an execution stands in its pipeline. */
export interface PipelinePlace {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Name of the stage. */
  readonly stage: string;
}

/** What CodeBuild's `CODEBUILD_INITIATOR` says of a build that a pipeline has started. Source: CodeBuild user guide. */
const INITIATOR = /^codepipeline\/(.+)$/;
/** How CDK Pipelines names the actions that execute change sets. */
const DEPLOYS = /\bDeploy$/;

/**
 * The pipeline that a build belongs to, by its initiator.
 * @throws Refused when none has started it
 */
export function pipelineOf(initiator: string): string {
  const name = INITIATOR.exec(initiator)?.[1];
  if (name !== undefined) return name;
  throw new Refused(`CODEBUILD_INITIATOR is "${initiator}", and not "codepipeline/" and a pipeline's name.`);
}

/**
 * Reads what CodePipeline keeps of a stage: the last execution of each of its actions.
 * @throws Refused when the pipeline has no such stage
 */
export async function readStage(
  client: CodePipelineClient,
  { pipeline, stage }: PipelinePlace,
  patience: Patience,
): Promise<StageState> {
  const { stageStates = [] } = await persist(
    'CodePipeline',
    () => client.send(new GetPipelineStateCommand({ name: pipeline })),
    patience,
  );
  const found = stageStates.find(({ stageName }) => stageName === stage);
  if (found) return found;
  throw new Refused(`The pipeline ${pipeline} has no stage ${stage}.`);
}

/** Whether a stage has ever deployed a stack. */
export function hasDeployed({ actionStates = [] }: StageState): boolean {
  return actionStates.some(
    ({ actionName = '', latestExecution }) =>
      DEPLOYS.test(actionName) && latestExecution?.status === 'Succeeded',
  );
}

/**
 * Who approved an execution in a stage, as CodePipeline knows them: an ARN. Undefined where the stage asks nobody, or
 * another execution stands in it; one at a time does, so that the last end of the action `approval` is this execution's.
 */
export function approverIn(
  { actionStates = [], latestExecution }: StageState,
  approval: string,
  execution: string,
): string | undefined {
  if (latestExecution?.pipelineExecutionId !== execution) return undefined;
  const { latestExecution: given } = actionStates.find(({ actionName }) => actionName === approval) ?? {};
  return given?.status === 'Succeeded' ? given.lastUpdatedBy : undefined;
}

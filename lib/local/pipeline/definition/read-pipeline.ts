import { z } from 'zod';
import type { Json } from '../../bridge/literals';
import type { Action, Pipeline, Stage } from './model';

/** The provider takes every value of a configuration as text, as CloudFormation sends it. */
const asText = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value));

const artifacts = z
  .array(z.looseObject({ Name: z.string() }))
  .default([])
  .transform((list) => list.map(({ Name }) => Name));

const actionSchema = z.looseObject({
  Name: z.string(),
  ActionTypeId: z.looseObject({ Category: z.string(), Owner: z.string(), Provider: z.string() }),
  RunOrder: z.coerce.number().int().min(1).max(999).default(1),
  Namespace: z.string().optional(),
  RoleArn: z.string().optional(),
  Region: z.string().optional(),
  InputArtifacts: artifacts,
  OutputArtifacts: artifacts,
  Configuration: z.record(z.string(), asText).default({}),
  TimeoutInMinutes: z.coerce.number().int().positive().optional(),
});

const stageSchema = z.looseObject({
  Name: z.string(),
  Actions: z.array(actionSchema),
  OnFailure: z.looseObject({ Result: z.enum(['ROLLBACK', 'FAIL', 'RETRY', 'SKIP']).optional() }).optional(),
});

const pipelineSchema = z.looseObject({
  Name: z.string().optional(),
  RoleArn: z.string(),
  ExecutionMode: z.enum(['SUPERSEDED', 'QUEUED', 'PARALLEL']).default('SUPERSEDED'),
  RestartExecutionOnUpdate: z
    .union([z.boolean(), z.literal('true').transform(() => true), z.literal('false').transform(() => false)])
    .default(false),
  Stages: z.array(stageSchema).min(2),
});

/**
 * Reads the resolved properties of an `AWS::CodePipeline::Pipeline`.
 *
 * @param name - taken when the properties give none
 */
export function readPipeline(properties: Json, name: string): Pipeline {
  const read = pipelineSchema.parse(properties);
  return {
    name: read.Name ?? name,
    roleArn: read.RoleArn,
    executionMode: read.ExecutionMode,
    restartOnUpdate: read.RestartExecutionOnUpdate,
    stages: read.Stages.map(readStage),
  };
}

function readStage({ Name, Actions, OnFailure }: z.output<typeof stageSchema>): Stage {
  const result = OnFailure?.Result;
  return {
    name: Name,
    actions: Actions.map(readAction),
    ...(result === undefined ? {} : { onFailure: result }),
  };
}

function readAction(read: z.output<typeof actionSchema>): Action {
  return {
    name: read.Name,
    category: read.ActionTypeId.Category,
    provider: read.ActionTypeId.Provider,
    runOrder: read.RunOrder,
    inputs: read.InputArtifacts,
    outputs: read.OutputArtifacts,
    configuration: read.Configuration,
    ...(read.Namespace === undefined ? {} : { namespace: read.Namespace }),
    ...(read.RoleArn === undefined ? {} : { roleArn: read.RoleArn }),
    ...(read.TimeoutInMinutes === undefined ? {} : { timeoutMinutes: read.TimeoutInMinutes }),
  };
}

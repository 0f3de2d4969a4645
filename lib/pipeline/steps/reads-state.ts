import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StepRole } from './step-role';

/** Who reads the state of which pipeline. */
export interface ReadsStateProps {
  /** The pipeline. */
  readonly pipeline: codepipeline.IPipeline;
  /** The roles of its own steps. */
  readonly roles: readonly StepRole[];
}

/**
 * Lets steps see how their own pipeline stands: who approved is in no variable, and neither is whether a stage has ever
 * been deployed. A policy of its own, since the pipeline is made from the steps and so from their roles.
 */
export class ReadsState extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, { pipeline, roles }: ReadsStateProps) {
    super(scope, id, {
      description: 'Steps see how their own pipeline stands',
      roles: [...roles],
      statements: [
        new iam.PolicyStatement({
          sid: 'ReadState',
          actions: ['codepipeline:GetPipelineState'],
          resources: [pipeline.pipelineArn],
        }),
      ],
    });
  }
}

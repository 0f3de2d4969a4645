import { CfnOutput, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as pipelines from 'aws-cdk-lib/pipelines';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { testApp } from '../../../support/app';

/** Account of the tiny pipeline. */
export const ACCOUNT = '555555555555';
const env = { account: ACCOUNT, region: 'eu-central-1' };

class Notices extends Stack {
  readonly name: CfnOutput;
  constructor(scope: Construct, id: string) {
    super(scope, id, { env });
    const topic = new sns.Topic(this, 'Topic');
    this.name = new CfnOutput(this, 'TopicName', { value: topic.topicName });
  }
}

/** Another pipeline than this repository's: one stack, outputs handed on, an exported variable, a second input. */
export function tinyAssembly(): string {
  const app = testApp();
  const stack = new Stack(app, 'Delivery', { env, stackName: 'delivery-stack' });
  new CfnParameter(stack, 'Grade', { default: 'small' });
  const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
    pipelineName: 'tiny',
    pipelineType: codepipeline.PipelineType.V2,
    synth: new pipelines.ShellStep('Synth', {
      input: pipelines.CodePipelineSource.connection('someone/something', 'trunk', {
        connectionArn: `arn:aws:codeconnections:eu-central-1:${ACCOUNT}:connection/1`,
      }) as pipelines.IFileSetProducer,
      commands: ['make synth'],
    }) as pipelines.IFileSetProducer,
  });
  const stage = new Stage(app, 'Live', { env });
  const notices = new Notices(stage, 'Notices');
  const measure = new pipelines.CodeBuildStep('Measure', {
    commands: ['export WORDS=3'],
    env: { GRADE: 'fine' },
  });
  const words = measure.exportedVariable('WORDS');
  const say = new pipelines.ShellStep('Say', {
    input: pipeline.synth,
    additionalInputs: { more: measure.addOutputDirectory('out') },
    envFromCfnOutputs: { TOPIC: notices.name },
    env: { WORDS: words },
    commands: ['echo "$TOPIC $WORDS"'],
  });
  pipeline.addStage(stage, { pre: [measure], post: [say] });
  pipeline.buildPipeline();
  const definition = pipeline.pipeline.node.defaultChild as codepipeline.CfnPipeline;
  definition.addPropertyOverride('Stages.3.OnFailure.Result', 'ROLLBACK');
  return app.synth().directory;
}

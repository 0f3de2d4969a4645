import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as pipelines from 'aws-cdk-lib/pipelines';
import type { PipelineConfiguration } from '../../config/schema';
import { TOOLS_FOLDER } from '../../shared/tool-code';

/** What the synth step is made from. */
export interface SynthStepProps {
  /** The repository, branch and connection. */
  readonly configuration: PipelineConfiguration;
}

/** Installs, runs the fast part of the test line, synthesises through the gate and verifies the gate's report. */
export class SynthStep extends pipelines.CodeBuildStep {
  /** What later steps run. */
  readonly tools: pipelines.FileSet;

  constructor(id: string, props: SynthStepProps) {
    const { repository, branch, connectionArn } = props.configuration;
    super(id, {
      // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
      input: pipelines.CodePipelineSource.connection(repository, branch, {
        connectionArn,
        triggerOnPush: true,
        // A clone and not an archive: the commit is read from Git.
        codeBuildCloneOutput: true,
      }) as pipelines.IFileSetProducer,
      installCommands: ['npm ci'],
      // The verifier stands apart from synth: a report that was never written must not pass for a clean one.
      commands: [
        'npm test -- --fast',
        'npx cdk synth --quiet',
        'npx tsx bin/gate.ts verify cdk.out',
        'npm run build',
      ],
      primaryOutputDirectory: 'cdk.out',
      partialBuildSpec: codebuild.BuildSpec.fromObject({
        phases: { install: { 'runtime-versions': { nodejs: '24' } } },
      }),
    });
    this.tools = this.addOutputDirectory(TOOLS_FOLDER);
  }
}

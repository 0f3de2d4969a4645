import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { TOOLS_FOLDER } from '../../shared/tool-code';
import { type BuiltTools, digestOf, TOOLS_DIGEST } from './built-tools';

/** What the synth step is made from. */
export interface SynthStepProps {
  /** The sources. */
  readonly source: pipelines.IFileSetProducer;
  /** Digest of the image that was built of them. */
  readonly imageDigest: string;
}

/** Installs, runs the fast part of the test line, lists and audits the packages, synthesises through the gate and verifies the gate's report. */
export class SynthStep extends pipelines.CodeBuildStep {
  /** What later steps run. */
  readonly tools: BuiltTools;

  constructor(id: string, props: SynthStepProps) {
    super(id, {
      input: props.source,
      // The evidence names the execution that it is of.
      env: { IMAGE_DIGEST: props.imageDigest, EXECUTION: '#{codepipeline.PipelineExecutionId}' },
      installCommands: ['npm ci'],
      // The verifier stands apart from synth: a report that was never written must not pass for a clean one.
      commands: [
        'npm test -- --fast',
        'npx tsx bin/evidence.ts collect',
        'npx cdk synth --quiet --context image="$IMAGE_DIGEST"',
        'npx tsx bin/gate.ts verify cdk.out',
        'npm run build -- tools',
        `export ${TOOLS_DIGEST}="${digestOf(TOOLS_FOLDER)}"`,
      ],
      primaryOutputDirectory: 'cdk.out',
      partialBuildSpec: codebuild.BuildSpec.fromObject({
        phases: { install: { 'runtime-versions': { nodejs: '24' } } },
      }),
    });
    this.tools = {
      files: this.addOutputDirectory(TOOLS_FOLDER),
      digest: this.exportedVariable(TOOLS_DIGEST),
    };
  }
}

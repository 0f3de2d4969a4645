import type { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as pipelines from 'aws-cdk-lib/pipelines';

/** What a step is made from that runs one of the built tools. */
export interface ToolStepProps {
  /** The built tools. */
  readonly tools: pipelines.IFileSetProducer;
  /** File of the tool, without its ending. */
  readonly tool: string;
  /** Its variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder that it leaves what it found in. */
  readonly artifacts: string;
  /** How long it may take. */
  readonly timeout: Duration;
  /**
   * The role it runs as.
   * @default - a role of its own that may do nothing
   */
  readonly role?: iam.IRole;
  /**
   * The variable in which it says in a word how it ended, from the file `outcome` of its artifacts.
   * @default - it says nothing
   */
  readonly outcome?: string;
  /**
   * Variables from outputs of stacks that are deployed before.
   * @default - none
   */
  readonly outputs?: pipelines.CodeBuildStepProps['envFromCfnOutputs'];
}

/** What a build runs of a tool. @param outcome - variable that says in a word how it ended, whether it failed or not */
export function toolCommand(tool: string, artifacts: string, outcome?: string): string {
  if (outcome === undefined) return `node ${tool}.js`;
  // One command, since its parts share an exit code.
  return [
    `node ${tool}.js && code=0 || code=$?`,
    `export ${outcome}="$(cat ${artifacts}/outcome 2>/dev/null || echo failed)"`,
    'test "$code" -eq 0',
  ].join('; ');
}

/** Runs a tool that the synth step built: one file without dependencies, so that a step that may change an environment installs nothing. */
export class ToolStep extends pipelines.CodeBuildStep {
  constructor(id: string, props: ToolStepProps) {
    const { tool, outcome, artifacts, role, outputs } = props;
    super(id, {
      input: props.tools,
      ...(role && { role }),
      ...(outputs && { envFromCfnOutputs: outputs }),
      env: props.env,
      commands: [toolCommand(tool, artifacts, outcome)],
      primaryOutputDirectory: artifacts,
      partialBuildSpec: codebuild.BuildSpec.fromObject({
        phases: { install: { 'runtime-versions': { nodejs: '24' } } },
      }),
      timeout: props.timeout,
    });
    if (outcome !== undefined) this.exportedVariable(outcome);
  }
}

import type { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { type BuiltTools, pinCommand, TOOLS_DIGEST } from './built-tools';

/** What a step is made from that runs one of the built tools. */
export interface ToolStepProps {
  /** The built tools. */
  readonly tools: BuiltTools;
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
   * More of its variables, each with the file of its artifacts that holds the value.
   * @default - there are none
   */
  readonly tells?: Readonly<Record<string, string>>;
  /**
   * Artifacts of other steps, by the folder that it finds each in.
   * @default - it reads none
   */
  readonly reads?: Readonly<Record<string, pipelines.IFileSetProducer>>;
  /**
   * Variables from outputs of stacks that are deployed before.
   * @default - none
   */
  readonly outputs?: pipelines.CodeBuildStepProps['envFromCfnOutputs'];
}

/**
 * What a build runs of a tool.
 * @param outcome - variable that says in a word how it ended, whether it failed or not
 * @param tells - more variables, each with the file that holds its value
 */
export function toolCommand(
  tool: string,
  artifacts: string,
  outcome?: string,
  tells: ToolStepProps['tells'] = {},
): string {
  const told = variablesOf(outcome, tells);
  if (told.length === 0) return `node ${tool}.js`;
  // One command, since its parts share an exit code.
  return [
    `node ${tool}.js && code=0 || code=$?`,
    ...told.map(([name, file]) => `export ${name}="$(cat ${artifacts}/${file} 2>/dev/null || echo failed)"`),
    'test "$code" -eq 0',
  ].join('; ');
}

/** Variables that a tool leaves, each with the file that holds its value. */
function variablesOf(
  outcome: string | undefined,
  tells: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return [...(outcome === undefined ? [] : [[outcome, 'outcome'] as const]), ...Object.entries(tells)];
}

/**
 * Runs a tool that the synth step built: one file without dependencies, so that a step that may change an environment
 * installs nothing. It runs none that was exchanged since.
 */
export class ToolStep extends pipelines.CodeBuildStep {
  constructor(id: string, props: ToolStepProps) {
    const { tools, tool, outcome, tells = {}, artifacts, role, outputs, reads = {} } = props;
    super(id, {
      input: tools.files,
      ...(role && { role }),
      additionalInputs: { ...reads },
      ...(outputs && { envFromCfnOutputs: outputs }),
      env: { ...props.env, [TOOLS_DIGEST]: tools.digest },
      commands: [pinCommand(Object.keys(reads)), toolCommand(tool, artifacts, outcome, tells)],
      primaryOutputDirectory: artifacts,
      partialBuildSpec: codebuild.BuildSpec.fromObject({
        phases: { install: { 'runtime-versions': { nodejs: '24' } } },
      }),
      timeout: props.timeout,
    });
    for (const [name] of variablesOf(outcome, tells)) this.exportedVariable(name);
  }
}

/** Kinds of actions that the player knows; anything else is refused before the first action runs. */
export type Provider = 'CodeStarSourceConnection' | 'CodeBuild' | 'CloudFormation' | 'Manual';

/** One action of a stage, its values resolved but for `#{…}`, which is known only while the pipeline runs. */
export interface Action {
  /** Name, unique in its stage. */
  readonly name: string;
  /** Category, such as `Build`. */
  readonly category: string;
  /** Provider, such as `CodeBuild`; see {@link Provider} for those that can be played. */
  readonly provider: string;
  /** Actions of one number run at once, those of the next afterwards; 1 to 999. */
  readonly runOrder: number;
  /** Where `#{namespace.NAME}` finds what the action exports. */
  readonly namespace?: string;
  /** Role that the pipeline takes for the action; the pipeline's own when there is none. */
  readonly roleArn?: string;
  /** Names of the artifacts that it reads, in order. */
  readonly inputs: readonly string[];
  /** Names of the artifacts that it leaves, in order. */
  readonly outputs: readonly string[];
  /** Configuration, as the provider documents it. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Minutes until it has failed, where the definition limits it. */
  readonly timeoutMinutes?: number;
}

/** What a stage does when it fails. */
export type FailureResult = 'ROLLBACK' | 'FAIL' | 'RETRY' | 'SKIP';

/** One stage. */
export interface Stage {
  /** Name. */
  readonly name: string;
  /** Its actions, in the order of the definition. */
  readonly actions: readonly Action[];
  /** What happens when it fails; nothing when the execution just fails. */
  readonly onFailure?: FailureResult;
}

/** A pipeline, as `AWS::CodePipeline::Pipeline` defines it. */
export interface Pipeline {
  /** Name, or the logical id when the template gives none. */
  readonly name: string;
  /** Role of the pipeline. */
  readonly roleArn: string;
  /** How executions stand to each other; SUPERSEDED is what CodePipeline takes when nothing is said. */
  readonly executionMode: 'SUPERSEDED' | 'QUEUED' | 'PARALLEL';
  /** Whether an execution begins anew when the definition changes under it. */
  readonly restartOnUpdate: boolean;
  /** Stages, in order. */
  readonly stages: readonly Stage[];
}

/** A variable of a build, before its value is looked up. */
export interface BuildVariable {
  /** Name. */
  readonly name: string;
  /** Where the value is. */
  readonly type: 'PLAINTEXT' | 'PARAMETER_STORE' | 'SECRETS_MANAGER';
  /** The value, or the name of the parameter or secret. */
  readonly value: string;
}

/** A build project, as `AWS::CodeBuild::Project` defines it. */
export interface Project {
  /** Name, by which actions refer to it. */
  readonly name: string;
  /** What is built, in a sentence, when the template says it. */
  readonly description?: string;
  /** Role of the builds. */
  readonly serviceRoleArn: string;
  /** Buildspec: its text, or the name of a file in the primary source; nothing for `buildspec.yml`. */
  readonly buildspec?: string;
  /** Image of the builds; not run here, told in the log. */
  readonly image: string;
  /** Whether builds may talk to a container engine. */
  readonly privileged: boolean;
  /** Variables of every build. */
  readonly variables: readonly BuildVariable[];
  /** Minutes until a build has failed; 60 is what CodeBuild documents as the default. */
  readonly timeoutMinutes: number;
}

/** A pipeline with all that its definition refers to, and where it is deployed. */
export interface Definition {
  /** Name of its stack. */
  readonly stackName: string;
  /** Account of the pipeline, twelve digits. */
  readonly account: string;
  /** Region of the pipeline. */
  readonly region: string;
  /** The pipeline. */
  readonly pipeline: Pipeline;
  /** Its build projects, by name. */
  readonly projects: ReadonlyMap<string, Project>;
}

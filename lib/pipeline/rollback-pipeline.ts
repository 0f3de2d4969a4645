import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { PlatformStage } from '../platform-stage';
import { handlerBundle, ROLLBACK_TOOL } from '../shared/handler-code';
import type { PipelineStorage } from './pipeline-storage';
import { callerRoleArn, StepRole } from './steps/step-role';
import { toolCommand } from './steps/tool-step';

const ARTIFACTS = 'release';
const OUTCOME = 'ROLLBACK_OUTCOME';

/** The tool that goes back, kept with the pipeline: nothing is installed when there is no time to. */
export function rollbackTool(scope: Construct, id: string): assets.Asset {
  return new assets.Asset(scope, id, { path: handlerBundle(ROLLBACK_TOOL) });
}

/** What the pipeline that goes back is made from. */
export interface RollbackPipelineProps {
  /** The environment that is taken back. */
  readonly environment: Environment;
  /** Its stacks. */
  readonly stage: PlatformStage;
  /** Account of the pipeline. */
  readonly pipelineAccount: string;
  /** The tool that it runs, see {@link rollbackTool}. */
  readonly tool: assets.Asset;
  /** Where artifacts and logs go. */
  readonly storage: PipelineStorage;
}

/**
 * Goes back by one click in the console: "Release change" runs what `npm run rollback` runs, with no approval, since it
 * has to work at night. It is a pipeline and not a build alone, because whoever may start a build may give it commands of
 * their own, and whoever may start a pipeline gives it variables and nothing else. It waits for no release: what runs is
 * what it stops.
 */
export class RollbackPipeline extends Construct {
  /** The pipeline; who may start it decides who may go back. */
  readonly pipeline: codepipeline.Pipeline;

  constructor(scope: Construct, id: string, props: RollbackPipelineProps) {
    super(scope, id);
    const { environment, storage } = props;
    const to = new codepipeline.Variable({
      variableName: 'to',
      defaultValue: 'previous',
      description: 'Task definition to go back to, family:revision; "previous" is what the live one replaced',
    });
    const tool = new codepipeline.Artifact('Tool');
    this.pipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      // People look for it, and policies that let them start it name it.
      pipelineName: `telehealth-rollback-${environment.name}`,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.QUEUED,
      restartExecutionOnUpdate: false,
      artifactBucket: storage.artifacts,
      crossAccountKeys: true,
      variables: [to],
    });
    this.pipeline.addStage({
      stageName: 'Source',
      actions: [
        new actions.S3SourceAction({
          actionName: 'Tool',
          bucket: props.tool.bucket,
          bucketKey: props.tool.s3ObjectKey,
          trigger: actions.S3Trigger.NONE,
          output: tool,
        }),
      ],
    });
    this.pipeline.addStage({
      stageName: 'Rollback',
      actions: [
        new actions.CodeBuildAction({
          actionName: 'Rollback',
          input: tool,
          outputs: [new codepipeline.Artifact('Result')],
          project: this.project(props),
          environmentVariables: {
            TO: { value: to.reference() },
            EXECUTION: { value: '#{codepipeline.PipelineExecutionId}' },
          },
        }),
      ],
    });
  }

  private project({
    environment,
    stage,
    pipelineAccount,
    storage,
  }: RollbackPipelineProps): codebuild.PipelineProject {
    const variables = {
      ACTION: 'rollback',
      ENVIRONMENT: environment.name,
      REGION: environment.region,
      ROLE_ARN: callerRoleArn('release', environment),
      SCHEMA_ROLE_ARN: callerRoleArn('rollback', environment),
      APP_STACK: stage.app.stackName,
      DATA_STACK: stage.data.stackName,
    };
    return new codebuild.PipelineProject(this, 'Project', {
      description: `Takes the API of ${environment.name} back to the version before`,
      role: new StepRole(this, 'Role', { environment, pipelineAccount, task: 'rollback' }),
      encryptionKey: storage.key,
      environment: {
        buildImage: codebuild.LinuxBuildImage.STANDARD_8_0,
        computeType: codebuild.ComputeType.SMALL,
      },
      environmentVariables: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, { value }]),
      ),
      logging: { cloudWatch: { logGroup: storage.buildLogs } },
      timeout: Duration.hours(8),
      buildSpec: codebuild.BuildSpec.fromObject({
        version: '0.2',
        env: { 'exported-variables': [OUTCOME] },
        phases: {
          install: { 'runtime-versions': { nodejs: '24' } },
          build: { commands: [toolCommand('index', ARTIFACTS, OUTCOME)] },
        },
        artifacts: { 'base-directory': ARTIFACTS, files: '**/*' },
      }),
    });
  }
}

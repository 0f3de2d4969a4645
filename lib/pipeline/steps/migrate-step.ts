import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as pipelines from 'aws-cdk-lib/pipelines';
import type { Environment } from '../../config/schema';
import type { Phase } from '../../migrations/model';
import type { PlatformStage } from '../../platform-stage';
import { migrationCallerRoleName } from '../../shared/migration-roles';

/** What a migration step is made from. */
export interface MigrateStepProps {
  /** The environment whose database is migrated. */
  readonly environment: Environment;
  /** Its stacks. */
  readonly stage: PlatformStage;
  /** Which phase. */
  readonly phase: Phase;
  /** The built tools. */
  readonly tools: pipelines.IFileSetProducer;
  /** The role of the step, which may take the caller's role in the environment's account and nothing else. */
  readonly role: iam.IRole;
}

/** Folder that the tool leaves plan, drift and result in. */
const ARTIFACTS = 'migration';

/**
 * Runs a phase of the migrations in an environment's account: plan, drift gate, a way back in production, and the run,
 * all kept as the step's artifact. It fails when the phase failed or was refused; when an older release still serves
 * it succeeds and says `waits` in the variable `MIGRATION_OUTCOME`: nothing was changed, and the next execution asks
 * again.
 */
export class MigrateStep extends pipelines.CodeBuildStep {
  constructor(id: string, props: MigrateStepProps) {
    const { environment, stage, phase } = props;
    super(id, {
      input: props.tools,
      role: props.role,
      env: {
        ENVIRONMENT: environment.name,
        PHASE: phase,
        REGION: environment.region,
        ROLE_ARN: `arn:aws:iam::${environment.account}:role/${migrationCallerRoleName(environment)}`,
        DATA_STACK: stage.data.stackName,
        APP_STACK: stage.app.stackName,
        PROTECT: environment.tier === 'production' ? 'yes' : 'no',
        EXECUTION: '#{codepipeline.PipelineExecutionId}',
      },
      // One command, since its parts share an exit code: the outcome is exported whether it failed or not.
      commands: [
        [
          'node migrate-step.js && code=0 || code=$?',
          `export MIGRATION_OUTCOME="$(cat ${ARTIFACTS}/outcome 2>/dev/null || echo failed)"`,
          'test "$code" -eq 0',
        ].join('; '),
      ],
      primaryOutputDirectory: ARTIFACTS,
      partialBuildSpec: codebuild.BuildSpec.fromObject({
        phases: { install: { 'runtime-versions': { nodejs: '24' } } },
      }),
      // What CodePipeline lets an action take; a backfill of many rows goes on for hours.
      timeout: Duration.hours(8),
    });
    this.exportedVariable('MIGRATION_OUTCOME');
  }
}

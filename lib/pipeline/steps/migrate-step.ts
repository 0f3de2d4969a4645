import { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Environment } from '../../config/schema';
import type { Phase } from '../../migrations/model';
import type { PlatformStage } from '../../platform-stage';
import type { BuiltTools } from './built-tools';
import { callerRoleArn } from './step-role';
import { ToolStep } from './tool-step';

/** What a migration step is made from. */
export interface MigrateStepProps {
  /** The environment whose database is migrated. */
  readonly environment: Environment;
  /** Its stacks. */
  readonly stage: PlatformStage;
  /** Which phase. */
  readonly phase: Phase;
  /** The built tools. */
  readonly tools: BuiltTools;
  /** The role of the step, which may take the caller's role in the environment's account and nothing else. */
  readonly role: iam.IRole;
}

/**
 * Runs a phase of the migrations in an environment's account: plan, drift gate, a way back in production, and the run,
 * all kept as the step's artifact. It fails when the phase failed or was refused; when an older release still serves
 * it succeeds and says `waits` in the variable `MIGRATION_OUTCOME`: nothing was changed, and the next execution asks
 * again.
 */
export class MigrateStep extends ToolStep {
  /** Titles of the migrations that it applied, with commas between them; `none` without. */
  readonly applied: string;

  constructor(id: string, props: MigrateStepProps) {
    const { environment, stage, phase, tools, role } = props;
    super(id, {
      tools,
      role,
      tool: 'migrate-step',
      env: {
        ENVIRONMENT: environment.name,
        PHASE: phase,
        REGION: environment.region,
        ROLE_ARN: callerRoleArn('migrate', environment),
        DATA_STACK: stage.data.stackName,
        APP_STACK: stage.app.stackName,
        PROTECT: environment.tier === 'production' ? 'yes' : 'no',
        EXECUTION: '#{codepipeline.PipelineExecutionId}',
      },
      artifacts: 'migration',
      outcome: 'MIGRATION_OUTCOME',
      tells: { MIGRATIONS: 'applied' },
      // What CodePipeline lets an action take; a backfill of many rows goes on for hours.
      timeout: Duration.hours(8),
    });
    this.applied = this.exportedVariable('MIGRATIONS');
  }
}

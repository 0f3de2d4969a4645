import { Duration, type Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Environment } from '../../config/schema';
import type { PlatformStage } from '../../platform-stage';
import { approvalId } from './approval-step';
import type { BuiltTools } from './built-tools';
import type { VerifyEvidenceStep } from './evidence-steps';
import { callerRoleArn } from './step-role';
import { ToolStep } from './tool-step';

/** Name that CDK Pipelines gives to every change set. Source: aws-cdk-lib, pipelines/lib/codepipeline. */
const CHANGE_SET = 'PipelineChange';
const EXECUTION = '#{codepipeline.PipelineExecutionId}';

/** What the steps of a release are made from. */
export interface ReleaseStepsProps {
  /** The environment that is released. */
  readonly environment: Environment;
  /** Its stacks. */
  readonly stage: PlatformStage;
  /** The commit that is to answer afterwards. */
  readonly commit: string;
  /** The built tools. */
  readonly tools: BuiltTools;
  /** The role of the step, which may take the caller's role of its task in the environment's account and nothing else. */
  readonly role: iam.IRole;
}

/**
 * Reads the change set of a stack before it is executed. It fails on what would break a release or lose data, unless a
 * waiver stands beside the resource, and leaves what changes in an approver's words. The role that it reads with stands in
 * the network stack, so of an environment's very first change set it only says that it is the first.
 */
export class GuardStep extends ToolStep {
  constructor(
    id: string,
    stack: Stack,
    props: ReleaseStepsProps & { readonly verified: VerifyEvidenceStep },
  ) {
    const { environment, stage, tools, role } = props;
    super(id, {
      tools,
      role,
      tool: 'guard',
      env: {
        REGION: environment.region,
        ROLE_ARN: callerRoleArn('check', environment),
        STACK: stack.stackName,
        CHANGE_SET,
        TEMPLATE: props.verified.templateOf(stack),
        APP_STACK: stage.app.stackName,
        ACCOUNTS: [environment.account, role.stack.account].join(','),
        STAGE: stage.node.id,
        EXECUTION,
      },
      artifacts: 'guard',
      timeout: Duration.minutes(10),
    });
  }
}

/** What the step that releases is told beside that, for the record. */
export interface ReleaseStepProps extends ReleaseStepsProps {
  /** When the commit was written, from which the lead time counts. */
  readonly authoredAt: string;
  /** Titles of the migrations that were applied before, with commas between them. */
  readonly migrations: string;
}

/** Has CodeDeploy bring up the new version and stays until it has the traffic, or is back where it was. */
export class ReleaseStep extends ToolStep {
  constructor(id: string, props: ReleaseStepProps) {
    const { environment, stage, tools, role, authoredAt, migrations } = props;
    super(id, {
      tools,
      role,
      tool: 'release-step',
      env: {
        ENVIRONMENT: environment.name,
        REGION: environment.region,
        ROLE_ARN: callerRoleArn('release', environment),
        APP_STACK: stage.app.stackName,
        EXECUTION,
        COMMITTED_AT: authoredAt,
        MIGRATIONS: migrations,
        ...(environment.approval && { STAGE: stage.node.id, APPROVAL: approvalId(stage.node.id) }),
      },
      artifacts: 'release',
      outcome: 'RELEASE_OUTCOME',
      // The shift and the bake are over within it in every environment; CodeDeploy's own limits are shorter.
      timeout: Duration.hours(8),
    });
  }
}

/** Tries the release from outside, at its public address, as the environment's synthetic person. */
export class SmokeStep extends ToolStep {
  constructor(id: string, { environment, stage, commit, tools, role }: ReleaseStepsProps) {
    super(id, {
      tools,
      role,
      tool: 'smoke',
      env: {
        REGION: environment.region,
        ROLE_ARN: callerRoleArn('check', environment),
        EXPECT_VERSION: commit,
        EXECUTION,
      },
      outputs: { URL: stage.app.apiUrl, SIGN_IN_FUNCTION: stage.app.signInFunction },
      artifacts: 'smoke',
      timeout: Duration.minutes(10),
    });
  }
}

/** Whether the pipeline sends a load after a release: where the configuration says so, else in staging. */
export function asksForLoadSmoke({ loadSmoke, tier }: Environment): boolean {
  return loadSmoke.enabled ?? tier === 'staging';
}

/** Sends a bounded load to the release at its public address, and fails when answers break or come late. */
export class LoadSmokeStep extends ToolStep {
  constructor(id: string, { environment, stage, tools, role }: ReleaseStepsProps) {
    const { rps, seconds, p99Ms, failedPercent } = environment.loadSmoke;
    super(id, {
      tools,
      role,
      tool: 'load-smoke',
      env: {
        REGION: environment.region,
        ROLE_ARN: callerRoleArn('check', environment),
        EXECUTION,
        RPS: String(rps),
        SECONDS: String(seconds),
        P99_MS: String(p99Ms),
        FAILED_PERCENT: String(failedPercent),
      },
      outputs: { URL: stage.app.apiUrl, SIGN_IN_FUNCTION: stage.app.signInFunction },
      artifacts: 'load-smoke',
      timeout: Duration.minutes(15),
    });
  }
}

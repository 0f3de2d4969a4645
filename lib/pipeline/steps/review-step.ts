import { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import type { Environment } from '../../config/schema';
import type { PlatformStage } from '../../platform-stage';
import { REVIEW_TOOL } from '../../shared/tool-code';
import type { EvidenceVault } from '../evidence-vault';
import type { BuiltTools } from './built-tools';
import { callerRoleArn } from './step-role';
import { ToolStep } from './tool-step';

/** What the review is made from. */
export interface ReviewStepProps {
  /** The environment that a person approves for. */
  readonly environment: Environment;
  /** Its stacks. */
  readonly stage: PlatformStage;
  /** Where the pipeline runs, and its builds are shown. */
  readonly pipeline: { readonly account: string; readonly region: string };
  /** The built tools. */
  readonly tools: BuiltTools;
  /** The synth output: what is going to be deployed, with the gate's evidence. */
  readonly assembly: pipelines.IFileSetProducer;
  /** Holds the evidence of the last release, which this one is compared with. */
  readonly vault: EvidenceVault;
  /** The role of the step, which may become somebody who only looks; it is let read the vault. */
  readonly role: iam.IRole;
}

const ASSEMBLY = 'assembly';
const SUMMARY = 'REVIEW';
const BUILD = 'REVIEW_BUILD';

/**
 * Says what a release changes in an environment before a person approves it: stacks, permissions, network, schema and
 * compliance, from what stands there, what the synth made and the evidence of the last release. It fails when it cannot read one of them; what it finds
 * makes it never fail, since that is for the approver and the guards. The whole of it is printed and kept as the step's
 * artifact.
 */
export class ReviewStep extends ToolStep {
  /** What changes, in one line of at most 1,000 characters. */
  readonly summary: string;
  /** Where the console shows the whole of it: the log of the build. */
  readonly url: string;

  constructor(id: string, props: ReviewStepProps) {
    const { environment, stage, pipeline, tools, assembly, vault, role } = props;
    const { network, auth, data, app, video } = stage;
    super(id, {
      tools,
      role,
      tool: REVIEW_TOOL,
      reads: { [ASSEMBLY]: assembly },
      env: {
        ENVIRONMENT: environment.name,
        ACCOUNT: environment.account,
        ACCOUNTS: [environment.account, pipeline.account].join(','),
        OWNER: environment.owner,
        STAGE: stage.node.path,
        REGION: environment.region,
        ROLE_ARN: callerRoleArn('review', environment),
        STACKS: [network, auth, data, app, video].map(({ stackName }) => stackName).join(','),
        CALLERS_STACK: network.stackName,
        DATA_STACK: data.stackName,
        ASSEMBLY,
        ...vault.variables,
        EXECUTION: '#{codepipeline.PipelineExecutionId}',
      },
      artifacts: 'review',
      tells: { [SUMMARY]: 'summary', [BUILD]: 'build' },
      timeout: Duration.minutes(30),
    });
    vault.grantRead(role);
    this.summary = this.exportedVariable(SUMMARY);
    const builds = `https://${pipeline.region}.console.aws.amazon.com/codesuite/codebuild/${pipeline.account}`;
    this.url = `${builds}/${this.exportedVariable(BUILD)}?region=${pipeline.region}`;
  }
}

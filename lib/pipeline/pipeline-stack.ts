import { Duration, Stack, Tags } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as pipelines from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { type Configuration, DEPLOYED_BY_PIPELINE, type Environment } from '../config/schema';
import { accept, explainWildcard } from '../gate';
import { PlatformStage, stageId } from '../platform-stage';
import { imageRepositoryArn, NO_IMAGE, type PlacedImage } from '../shared/image-repository';
import { useManagedPolicies } from '../shared/managed-policies';
import { tagPlatform } from '../shared/platform-tags';
import { EvidenceVault } from './evidence-vault';
import { ImageRepository } from './image-repository';
import { PipelineNotices } from './pipeline-notices';
import { PipelineStorage } from './pipeline-storage';
import { RollbackPipeline, type RollbackPipelineProps, rollbackTool } from './rollback-pipeline';
import { approvalId, ApprovalStep } from './steps/approval-step';
import type { BuiltTools } from './steps/built-tools';
import {
  type EvidenceStepsProps,
  type Left,
  PublishEvidenceStep,
  SealStep,
  VerifyEvidenceStep,
} from './steps/evidence-steps';
import { ImageStep } from './steps/image-step';
import { MigrateStep } from './steps/migrate-step';
import { ReadsState } from './steps/reads-state';
import { ReviewStep } from './steps/review-step';
import { asksForLoadSmoke, GuardStep, LoadSmokeStep, ReleaseStep, SmokeStep } from './steps/release-steps';
import { sourceOf } from './steps/source';
import { StepRole } from './steps/step-role';
import { SynthStep } from './steps/synth-step';

/** The CLI that the pipeline updates itself with; the same as package.json. Raise it one commit before the library. */
const CLI_VERSION = '2.1148.1';

/** The tool that publishes assets. */
const ASSETS_VERSION = '4.7.3';

/**
 * The newest publisher reads assemblies up to schema 54, and the library writes 55, whose asset manifests are the same
 * but for that number. The rehearsal of the pipeline fails on a library and a publisher that do not go together.
 */
const LOWER_SCHEMA = `sed -i 's/"version": *"55\\./"version": "54./' assembly-*/*.assets.json`;

/** What a build may do with its reports. */
const REPORTS = [
  'codebuild:BatchPutCodeCoverages',
  'codebuild:BatchPutTestCases',
  'codebuild:CreateReport',
  'codebuild:CreateReportGroup',
  'codebuild:UpdateReport',
];

/** What the pipeline is made from. */
export interface PipelineStackProps {
  /** The pipeline's own configuration and the environments. */
  readonly configuration: Configuration;
  /** The commit that is deployed. */
  readonly commit: string;
  /**
   * Digest of the image that was built of it.
   * @default - none is built, and what is written for the environments does not start
   */
  readonly imageDigest?: string | undefined;
}

/** What every environment's deployment is made from. */
interface Deployment {
  readonly commit: string;
  /** When it was written. */
  readonly authoredAt: string;
  readonly image: PlacedImage;
  readonly pipelineAccount: string;
  readonly tools: BuiltTools;
  readonly rollback: Pick<RollbackPipelineProps, 'storage' | 'tool'>;
  readonly assembly: pipelines.IFileSetProducer;
  readonly evidence: EvidenceStepsProps & { readonly seal: SealStep };
}

/** What an approval is asked with. */
type Approval = Pick<Deployment, 'pipelineAccount' | 'tools' | 'assembly'> & {
  readonly environment: Environment;
  readonly vault: EvidenceVault;
};

/**
 * Deploys staging and production from the followed branch: image, build and gate, its own update, assets, then each
 * environment in turn, a person's approval before those that ask for one.
 */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { environments, pipeline: configuration } = props.configuration;
    super(scope, id, {
      env: { account: configuration.account, region: configuration.region },
      terminationProtection: true,
    });
    useManagedPolicies(this);
    const storage = new PipelineStorage(this, 'Storage', { configuration });
    const deployed = Object.values(environments).filter(({ tier }) => DEPLOYED_BY_PIPELINE.has(tier));
    const { repository } = new ImageRepository(this, 'Images', { environments: deployed });
    const { files: source, authoredAt } = sourceOf(configuration);
    const image = new ImageStep('Image', { configuration, source, repository });
    const synth = new SynthStep('Synth', { source, imageDigest: image.digest });
    const pipeline = new pipelines.CodePipeline(this, 'Pipeline', {
      // Asserted for the reason that synth-step.ts gives.
      synth: synth as pipelines.IFileSetProducer,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.QUEUED,
      selfMutation: true,
      cliVersion: CLI_VERSION,
      cdkAssetsCliVersion: ASSETS_VERSION,
      crossAccountKeys: true,
      artifactBucket: storage.artifacts,
      publishAssetsInParallel: false,
      codeBuildDefaults: {
        buildEnvironment: {
          buildImage: codebuild.LinuxBuildImage.STANDARD_8_0,
          computeType: codebuild.ComputeType.MEDIUM,
        },
        logging: { cloudWatch: { logGroup: storage.buildLogs } },
        timeout: Duration.minutes(30),
      },
      assetPublishingCodeBuildDefaults: {
        partialBuildSpec: codebuild.BuildSpec.fromObject({
          phases: { install: { commands: [LOWER_SCHEMA] } },
        }),
      },
    });
    const { accessLogs } = storage;
    const vault = new EvidenceVault(this, 'Evidence', {
      ...{ configuration, accessLogs },
      stages: deployed.map(stageId),
    });
    const kept = { vault, commit: props.commit, tools: synth.tools };
    const assembly = synth as pipelines.IFileSetProducer;
    const seal = new SealStep('Seal', assembly, kept);
    pipeline.addWave('Evidence', { post: [seal] });
    const rollback = { storage, tool: rollbackTool(this, 'RollbackTool') };
    for (const environment of deployed)
      this.deploy(pipeline, environment, {
        commit: props.commit,
        image: {
          repositoryArn: imageRepositoryArn(configuration),
          digest: props.imageDigest ?? NO_IMAGE,
        },
        pipelineAccount: configuration.account,
        authoredAt,
        tools: synth.tools,
        rollback,
        assembly,
        evidence: { ...kept, seal },
      });
    // Roles and projects exist only from here on; what is accepted below must find them.
    pipeline.buildPipeline();
    new PipelineNotices(this, 'Notices', {
      configuration,
      pipeline: pipeline.pipeline,
      environments: deployed.map(({ name }) => name),
      rollbacks: this.node.children
        .filter((node) => node instanceof RollbackPipeline)
        .map((node) => node.pipeline),
    });
    new ReadsState(this, 'ReadsState', {
      pipeline: pipeline.pipeline,
      roles: this.node
        .findAll()
        .filter(
          (node): node is StepRole =>
            node instanceof StepRole && ['check', 'release', 'review'].includes(node.task),
        ),
    });
    this.acceptProjects();
    this.explainWildcards();
    tagPlatform(this, {
      environment: 'pipeline',
      owner: configuration.owner,
      costCenter: configuration.costCenter,
    });
    Tags.of(this).add('DataClassification', 'Internal');
  }

  /**
   * One environment: the expand phase of its migrations once Data stands and before the new API is prepared; what
   * changes is judged before it is executed; the release and a look at it; the contract phase last of all.
   */
  private deploy(
    pipeline: pipelines.CodePipeline,
    environment: Environment,
    { commit, authoredAt, image, pipelineAccount, tools, rollback, assembly, evidence }: Deployment,
  ): void {
    const id = stageId(environment);
    const stage = new PlatformStage(this, id, { environment, commit, image, pipelineAccount });
    const common = { environment, pipelineAccount };
    new RollbackPipeline(this, `Rollback${id}`, { ...common, ...rollback, stage });
    const migrate = {
      environment,
      stage,
      tools,
      role: new StepRole(this, `Migrate${id}Role`, { ...common, task: 'migrate' }),
    };
    const release = {
      environment,
      stage,
      tools,
      commit,
      role: new StepRole(this, `Release${id}Role`, { ...common, task: 'release' }),
    };
    const check = { ...release, role: new StepRole(this, `Check${id}Role`, { ...common, task: 'check' }) };
    const expand = new MigrateStep('Migrate', { ...migrate, phase: 'expand' });
    const released = new ReleaseStep('Release', { ...release, authoredAt, migrations: expand.applied });
    const smoke = new SmokeStep('Smoke', check);
    smoke.addStepDependency(released);
    const load = asksForLoadSmoke(environment) ? [new LoadSmokeStep('LoadSmoke', check)] : [];
    for (const step of load) step.addStepDependency(smoke);
    const contract = new MigrateStep('Contract', { ...migrate, phase: 'contract' });
    const approvals = environment.approval
      ? this.approve(stage, { ...common, tools, assembly, vault: evidence.vault })
      : [];
    const sealed = { ...evidence, stage };
    const verify = new VerifyEvidenceStep('VerifyEvidence', assembly, sealed);
    // After the approval, which may wait until an exception has ended.
    for (const approval of approvals) verify.addStepDependency(approval);
    const left = { expand, release: released, smoke, contract } as Left;
    const guarded = (stack: Stack, ...post: pipelines.Step[]): pipelines.StackSteps => ({
      stack,
      changeSet: [new GuardStep(`Guard${stack.node.id}`, stack, { ...check, verified: verify })],
      post,
    });
    pipeline.addStage(stage, {
      pre: [...approvals, verify],
      stackSteps: [
        guarded(stage.network),
        guarded(stage.auth),
        guarded(stage.data, expand),
        guarded(stage.app, released, smoke, ...load),
        guarded(stage.video),
      ],
      post: [contract, new PublishEvidenceStep('PublishEvidence', left, sealed)],
    });
  }

  /** What changes is told to a person, who approves it. */
  private approve(
    stage: PlatformStage,
    { environment, pipelineAccount, tools, assembly, vault }: Approval,
  ): pipelines.Step[] {
    const { id } = stage.node;
    const role = new StepRole(this, `Review${id}Role`, { environment, pipelineAccount, task: 'review' });
    const pipeline = { account: pipelineAccount, region: this.region };
    const review = new ReviewStep('Review', {
      ...{ environment, stage, pipeline, tools, assembly, vault, role },
    });
    return [review, new ApprovalStep(approvalId(id), { review })];
  }

  /** CDK Pipelines writes these policies itself; the account holds the pipeline and nothing else. */
  private explainWildcards(): void {
    const publish = 'Written before the publishing projects exist; the account holds no other build project';
    const reports =
      'Written before the publishing projects are named; a report holds results of builds alone';
    for (const role of this.node.findAll().filter((node) => /^(File|Docker)Role$/.test(node.node.id)))
      explainWildcard(role, {
        'codebuild:BatchGetBuilds': publish,
        'codebuild:StartBuild': publish,
        'codebuild:StopBuild': publish,
        ...Object.fromEntries(REPORTS.map((action) => [action, reports])),
      });
    for (const role of this.node.findAll().filter(({ node }) => node.path.endsWith('/SelfMutation/Role')))
      explainWildcard(role, {
        'sts:AssumeRole':
          'A condition holds it to the roles of the bootstrap, by their tag; their names are the account owner’s choice',
        'cloudformation:DescribeStacks':
          'Reads the state of stacks, whose ids are known only once they are deployed',
        's3:ListBucket': 'Asks whether the bootstrap bucket is there; its name is the account owner’s choice',
      });
  }

  private acceptProjects(): void {
    for (const project of this.node.findAll().filter((node) => node instanceof codebuild.Project))
      accept(project, 'CodeBuildProjectSourceRepoUrl', {
        reason:
          'The source is what CodePipeline hands over; the project holds no repository URL and no credential',
        owner: 'platform-engineering',
        approvedBy: 'security-officer',
        ticket: 'HIPAA-16',
        expires: '2027-10-31',
        compensatingControl:
          'The repository is reached through one CodeConnection that an administrator granted',
      });
  }
}

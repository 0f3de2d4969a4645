import { Duration, Stack, type Stage } from 'aws-cdk-lib';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import { digestFile, DIGESTS_FOLDER } from '../../shared/template-digest';
import type { EvidenceVault } from '../evidence-vault';
import type { BuiltTools } from './built-tools';
import { ToolStep, type ToolStepProps } from './tool-step';

/** What the steps of the evidence are made from. */
export interface EvidenceStepsProps {
  /** Where evidence goes. */
  readonly vault: EvidenceVault;
  /** The commit that is deployed. */
  readonly commit: string;
  /** The built tools. */
  readonly tools: BuiltTools;
}

/** What a step tells the next ones: number and manifest of the evidence. */
const OUTCOME = 'EVIDENCE';

function common(
  action: string,
  props: EvidenceStepsProps,
): Omit<ToolStepProps, 'role'> & { readonly env: Record<string, string> } {
  const { vault, commit, tools } = props;
  return {
    tools,
    tool: 'evidence-step',
    env: {
      ACTION: action,
      ...vault.variables,
      COMMIT: commit,
      EXECUTION: '#{codepipeline.PipelineExecutionId}',
    },
    artifacts: 'sealed',
    timeout: Duration.minutes(15),
    outcome: OUTCOME,
  };
}

/** Signs the evidence that the synth wrote, chains it to the newest in the vault, and puts it there. */
export class SealStep extends ToolStep {
  /** Names the sealed evidence, for the steps that follow. */
  readonly evidence: string;

  constructor(id: string, assembly: pipelines.IFileSetProducer, props: EvidenceStepsProps) {
    super(id, { ...common('seal', props), role: props.vault.sealer, reads: { assembly } });
    this.evidence = this.exportedVariable(OUTCOME);
  }
}

/** What a step is made from that goes by sealed evidence. */
export interface SealedStepProps extends EvidenceStepsProps {
  /** The environment that is released, which the report knows by its path. */
  readonly stage: Stage;
  /** Has sealed the evidence of this execution. */
  readonly seal: SealStep;
}

/** Variable for the digest of a stack's template. */
const variableOf = (stack: Stack): string => `TEMPLATE_${stack.node.id.toUpperCase()}`;

/**
 * Refuses a release whose evidence is missing, stale, unsigned, leaves out a stack, or holds an open finding. It tells the
 * digests of the templates that the evidence covers.
 */
export class VerifyEvidenceStep extends ToolStep {
  constructor(id: string, assembly: pipelines.IFileSetProducer, props: SealedStepProps) {
    const { env, ...rest } = common('verify', props);
    const stacks = props.stage.node.children.filter((node) => node instanceof Stack);
    super(id, {
      ...rest,
      env: { ...env, ENVIRONMENT: props.stage.node.path, EVIDENCE: props.seal.evidence },
      role: props.vault.verifier,
      reads: { assembly },
      tells: Object.fromEntries(
        stacks.map((stack) => [variableOf(stack), `${DIGESTS_FOLDER}/${digestFile(stack.node.path)}`]),
      ),
    });
  }
  /** Digest of a stack's template as it was judged, for other steps' variables. */
  templateOf(stack: Stack): string {
    return this.exportedVariable(variableOf(stack));
  }
}

/** Artifacts of an environment's steps, by the folder that they are read from. */
export interface Left {
  /** Of the migrations before the release. */
  readonly expand: pipelines.IFileSetProducer;
  /** Of the release. */
  readonly release: pipelines.IFileSetProducer;
  /** Of the look at it from outside. */
  readonly smoke: pipelines.IFileSetProducer;
  /** Of the migrations after the release. */
  readonly contract: pipelines.IFileSetProducer;
}

/**
 * After a release: adds what its steps left to the evidence, seals it as the environment's own, puts it into the vault
 * and tells there that it is that of a release.
 * With the tools these are the five inputs that CodePipeline gives an action.
 */
export class PublishEvidenceStep extends ToolStep {
  constructor(id: string, left: Left, props: SealedStepProps) {
    const { env, ...rest } = common('publish', props);
    super(id, {
      ...rest,
      env: { ...env, ENVIRONMENT: props.stage.node.path, EVIDENCE: props.seal.evidence },
      role: props.vault.publisher(props.stage),
      reads: { ...left },
    });
  }
}

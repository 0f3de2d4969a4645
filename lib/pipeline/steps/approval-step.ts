import * as pipelines from 'aws-cdk-lib/pipelines';
import type { Environment } from '../../config/schema';

/** What the approval is asked for. */
export interface ApprovalStepProps {
  /** The environment that is deployed once a person has approved. */
  readonly environment: Environment;
}

/** A person approves before anything of the environment changes. */
export class ApprovalStep extends pipelines.ManualApprovalStep {
  constructor(id: string, props: ApprovalStepProps) {
    const { name, account, owner } = props.environment;
    super(id, {
      comment: `Deploys this commit to ${name} (${account}). Approve for ${owner} after staging has shown it well.`,
    });
  }
}

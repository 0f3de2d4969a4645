import * as pipelines from 'aws-cdk-lib/pipelines';
import type { ReviewStep } from './review-step';

/** What the approval is asked for. */
export interface ApprovalStepProps {
  /** Says what is approved. */
  readonly review: ReviewStep;
}

/** Name of the action that asks for an approval before a stage; the release's record looks its approver up by it. */
export function approvalId(stage: string): string {
  return `Approve${stage}`;
}

/** A person approves what the review says, before anything of the environment changes. */
export class ApprovalStep extends pipelines.ManualApprovalStep {
  constructor(id: string, { review }: ApprovalStepProps) {
    super(id, { comment: review.summary, reviewUrl: review.url });
    // The library looks for variables of other steps in the comment alone.
    this.discoverReferencedOutputs({ comment: review.summary, reviewUrl: review.url });
  }
}

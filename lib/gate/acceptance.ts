import { Stage, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { qualifiedId } from './rule-ids';

/** Why a finding stands, who answers for it and until when. */
export interface Acceptance {
  /** Why the rule does not fit this resource, in a sentence an auditor can judge; at least 40 characters. */
  readonly reason: string;
  /** Team that answers for the exception, for example `platform-engineering`. */
  readonly owner: string;
  /** Role that approved it, for example `security-officer`; not the owner. */
  readonly approvedBy: string;
  /** Ticket of the approval, for example `HIPAA-12`. */
  readonly ticket: string;
  /** Last day it holds, `YYYY-MM-DD`, at most one year ahead. */
  readonly expires: string;
  /** What protects instead; at least 20 characters. */
  readonly compensatingControl: string;
  /** Ids of the stages that it is approved for, for example `Dev`; in any other the finding stays open. All when absent. */
  readonly environments?: readonly string[];
}

/** An acceptance and where it stands. */
export interface RecordedAcceptance extends Omit<Acceptance, 'environments'> {
  /** Name of the rule, for example `S3BucketLoggingEnabled`. */
  readonly rule: string;
  /** The construct it was written for. */
  readonly scope: IConstruct;
}

const METADATA = 'telehealth:acceptance';

/**
 * Excepts one construct's own resources from one rule: the only way to do so. Write it beside the resource. The gate
 * checks it at synth and refuses it, among others, once it has expired or matches nothing.
 * @param scope - the resource, or the construct directly around it; never a stack, stage or application
 * @param rule - the rule's name without its pack, for example `S3BucketLoggingEnabled`; one granular finding is
 * named in brackets, for example `RDSLoggingEnabled[LogExport::upgrade]`
 */
export function accept(scope: IConstruct, rule: string, acceptance: Acceptance): void {
  const { reason, owner, approvedBy, ticket, expires, compensatingControl, environments } = acceptance;
  if (environments && !environments.includes(Stage.of(scope)?.node.id ?? '')) return;
  scope.node.addMetadata(METADATA, { rule, reason, owner, approvedBy, ticket, expires, compensatingControl });
  Validations.of(scope).acknowledge({
    id: qualifiedId(rule),
    reason: `${ticket}, until ${expires}: ${reason}`,
  });
}

/** Every acceptance of the application, across its stages, in the order of the tree. */
export function acceptancesOf(root: IConstruct): RecordedAcceptance[] {
  return root.node
    .findAll()
    .flatMap((scope) =>
      scope.node.metadata
        .filter(({ type }) => type === METADATA)
        .map(({ data }) => ({ ...(data as Acceptance & { readonly rule: string }), scope })),
    );
}

/** A construct's path inside its stage: the same in every environment. */
export function pathInStage(construct: IConstruct): string {
  const stage = Stage.of(construct);
  const prefix = stage && stage.node.path !== '' ? `${stage.node.path}/` : '';
  return construct.node.path.slice(prefix.length);
}

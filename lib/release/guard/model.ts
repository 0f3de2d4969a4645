import * as z from 'zod';

/** A resource as a template has it. */
export interface TemplateResource {
  /** Such as `AWS::S3::Bucket`. */
  readonly Type: string;
  /** What it is set to; intrinsic functions as they are written. */
  readonly Properties?: Readonly<Record<string, unknown>>;
  /** What becomes of it when it leaves the stack; CloudFormation's default where absent. */
  readonly DeletionPolicy?: unknown;
  /** What becomes of the old one when it is made anew; `Delete` where absent. */
  readonly UpdateReplacePolicy?: unknown;
  /** What the template says about it. */
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The resources of a template by their logical ids. */
export type Resources = Readonly<Record<string, TemplateResource>>;

/** What a change set does to one resource. */
export interface Change {
  /** What is done. */
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'Dynamic' | 'SyncWithActual';
  /** Logical id. */
  readonly id: string;
  /** Type. */
  readonly type: string;
  /** Whether it is made anew; `Conditional` when CloudFormation cannot say. */
  readonly replacement: 'True' | 'False' | 'Conditional';
  /** What becomes of the old one, in CloudFormation's words, such as `Retain` or `Delete`. */
  readonly policy?: string;
  /** Properties that change. */
  readonly properties: readonly string[];
}

/** A change set with the templates on both of its sides. */
export interface ChangeSet {
  /** Name of the stack. */
  readonly stack: string;
  /** Its own name. */
  readonly name: string;
  /** What it does. */
  readonly changes: readonly Change[];
  /** What is deployed; empty before the first deployment. */
  readonly before: Resources;
  /** What it would deploy. */
  readonly after: Resources;
}

/** Key in a resource's metadata that holds its waivers. */
export const WAIVERS = 'telehealth:release-waivers';

/** Leave for one change of one resource, written beside it in code. */
export const waiver = z.looseObject({
  /** The change, exactly as the guard words it, such as `touch`, `replace` or `open ingress tcp 443 from 0.0.0.0/0`. */
  change: z.string().min(1),
  /** Why it is right. */
  reason: z.string().min(1),
  /** Team that answers for it. */
  owner: z.string().min(1),
  /** Role that approved it. */
  approvedBy: z.string().min(1),
  /** Where it was approved. */
  ticket: z.string().min(1),
  /** Last day it holds, `YYYY-MM-DD`. */
  expires: z.iso.date(),
});

/** Leave for one change of one resource. */
export type Waiver = z.output<typeof waiver>;

/** Whether who answers for a waiver has approved it too, which makes it none. */
export function isOwnApproval({ owner, approvedBy }: Pick<Waiver, 'owner' | 'approvedBy'>): boolean {
  const [one, other] = [owner, approvedBy].map((name) => name.trim().toLowerCase());
  return one === other;
}

/** A change that needs leave. */
export interface Finding {
  /** What kind it is. */
  readonly kind: 'traffic' | 'data' | 'iam' | 'network';
  /** The change, in the words that a waiver has to repeat. */
  readonly change: string;
  /** Logical id of the resource. */
  readonly id: string;
  /** Type of the resource. */
  readonly type: string;
  /** Where the resource stands in the code. */
  readonly path: string;
  /** What would happen, in a sentence. */
  readonly words: string;
  /** The waiver that allows it. */
  readonly waiver?: Waiver;
  /** Why a waiver that is there does not allow it. */
  readonly notAllowed?: string;
}

/** What a checker finds, before waivers. */
export type Found = Pick<Finding, 'kind' | 'change' | 'id' | 'words'>;

/** What the guard makes of a change set. */
export interface GuardReport {
  /** Version of this form; raised when a field changes its meaning or goes. */
  readonly schemaVersion: 1;
  /** Whether every finding has leave. */
  readonly passed: boolean;
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the change set. */
  readonly changeSet: string;
  /**
   * Why the change set was not read.
   * @default - it was
   */
  readonly unjudged?: string;
  /** Every change. */
  readonly changes: readonly (Change & { readonly path: string })[];
  /** Changes that need leave. */
  readonly findings: readonly Finding[];
  /** Waivers that are expired or of another form. */
  readonly badWaivers: readonly { readonly id: string; readonly words: string }[];
}

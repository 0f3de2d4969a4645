import type { CfnResource } from 'aws-cdk-lib';

/** A resource as the template says it, after every override. */
export interface RenderedResource {
  /** CloudFormation type. */
  readonly Type: string;
  /** Properties, with intrinsic functions as they are written. */
  readonly Properties?: Readonly<Record<string, unknown>>;
  /** What is noted beside it, such as leave for a change. */
  readonly Metadata?: Readonly<Record<string, unknown>>;
  /** What happens when the resource is deleted. */
  readonly DeletionPolicy?: string;
  /** What happens to the old resource when it is replaced. */
  readonly UpdateReplacePolicy?: string;
}

/** What a rule looks at. */
export interface Subject {
  /** Logical id of the resource. */
  readonly logicalId: string;
  /** The resource as rendered. */
  readonly resource: RenderedResource;
  /** Its properties; empty when it has none. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Every resource of the same template, by logical id. */
  readonly siblings: Readonly<Record<string, RenderedResource>>;
  /** The rest of the template: transform, parameters, mappings, conditions, outputs. */
  readonly surroundings: Readonly<Record<string, unknown>>;
  /** Whether the stack is protected from termination, as production's stacks are. */
  readonly production: boolean;
  /** Property that its tags stand in, as the library spells it; undefined where it takes none. */
  readonly tagProperty: string | undefined;
  /** The construct that rendered it. */
  readonly construct: CfnResource;
}

/** A rule's answer: it holds, it does not concern this resource, or what was found where. */
export type Verdict = 'compliant' | 'not-applicable' | Failure;

/** What a rule found. */
export interface Failure {
  /** Path inside the resource, for example `Properties.KmsMasterKeyId`. */
  readonly location: string;
  /** What stands there, and what was expected. */
  readonly found: string;
}

/** One rule over rendered resources. */
export interface TemplateRule {
  /** Its name, which `accept` takes; starts with `Template`. */
  readonly id: string;
  /** Citations in 45 CFR that it serves. */
  readonly controls: readonly string[];
  /** What goes wrong without it. */
  readonly rationale: string;
  /** How to mend a finding. */
  readonly mend: string;
  /** The CloudFormation types that it looks at; every other is not applicable. */
  readonly types: readonly string[];
  /** Judges one resource of these types. */
  readonly check: (subject: Subject) => Verdict;
}

/** A failure, with what was expected. */
export function failure(location: string, value: unknown, expected: string): Failure {
  return {
    location,
    found: `${location} is ${value === undefined ? 'absent' : JSON.stringify(value)}, expected ${expected}`,
  };
}

/** Compliant when it holds; otherwise the failure. */
export function expectThat(holds: boolean, location: string, value: unknown, expected: string): Verdict {
  return holds ? 'compliant' : failure(location, value, expected);
}

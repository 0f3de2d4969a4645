import type { Severity } from './rule';

/** A place that a rule does not like. */
export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** File, with its folder, such as `migrations/0002_add_email.up.sql`. */
  readonly file: string;
  /** Line in the file, from 1. */
  readonly line: number;
  /** Character in the line, from 1. */
  readonly column: number;
  /** The statement's first line; empty when the finding concerns the whole file. */
  readonly statement: string;
  /** What stands there. */
  readonly message: string;
  /** What goes wrong. */
  readonly why: string;
  /** How to mend it. */
  readonly mend: string;
  /** The rule's page in the repository. */
  readonly page: string;
}

/** A finding that the file itself answers for. */
export interface SuppressedFinding extends Finding {
  /** Who answers for it. */
  readonly owner: string;
  /** Why it is right here. */
  readonly reason: string;
}

/** Answer of the lint. */
export interface LintReport {
  /** Version of this form; raised when a field changes its meaning or goes. */
  readonly schemaVersion: 1;
  /** Which action this is. */
  readonly action: 'lint';
  /** `refused` when there is an error. */
  readonly outcome: 'done' | 'refused';
  /** How many files were read. */
  readonly files: number;
  /** How many findings there are of each severity. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** By file and line. */
  readonly findings: readonly Finding[];
  /** What `lint-ignore` answers for, by file and line. */
  readonly suppressed: readonly SuppressedFinding[];
}

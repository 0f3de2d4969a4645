import type { Change as ComplianceChange, Report } from '../gate/report/model';
import type { Phase, Reversible, TableLock } from '../migrations/model';
import type { State } from '../migrations/report';
import type { GuardReport } from '../release/guard/model';

/** What becomes of one stack. */
export interface StackReview {
  /** Name of the stack. */
  readonly stack: string;
  /** Whether it stands already. */
  readonly deployed: boolean;
  /** Whether a guard judges its change set before it is executed, and refuses what needs leave and has none. */
  readonly guarded: boolean;
  /** Every change, and those that need leave, as the guard judges them before it lets the stack be changed. */
  readonly judged: GuardReport;
}

/** A migration that this release brings and the database does not have. */
export interface PendingMigration {
  /** Such as `0002_add_status`. */
  readonly title: string;
  /** When it may run. */
  readonly phase: Phase;
  /** What undoing it costs. */
  readonly reversible: Reversible;
  /** Whether it loses data that no down can bring back. */
  readonly destructive: boolean;
  /** Who agreed to lose data, where somebody did. */
  readonly approval?: { readonly by: string; readonly ticket: string; readonly reason: string };
  /** Table whose rows it changes in batches. */
  readonly backfills?: string;
  /** How many statements it has. */
  readonly statements: number;
  /** Locks on tables that are there, the strongest of each table. */
  readonly locks: readonly TableLock[];
  /** How far it is, where a try of it was begun. */
  readonly state: State;
}

/** What becomes of the schema. */
export interface SchemaReview {
  /**
   * What is known of the database: `read` by the function that stands there, `none` where there is no database yet or
   * none of its migrations ever ran.
   */
  readonly known: 'read' | 'none';
  /** Number of the newest migration that is applied, 0 when there is none. */
  readonly version: number;
  /** Release that the function which was asked belongs to; absent where there is none. */
  readonly askedRelease?: string;
  /** What this release would apply, in order. */
  readonly pending: readonly PendingMigration[];
  /** Names of the definitions that are replaced when they differ from what is there; which do is known only in the run. */
  readonly repeatables: readonly string[];
  /** Applied ones that this release no longer carries, and whatever else will stop the run. */
  readonly problems: readonly string[];
}

/** What an officer would ask about. */
export interface ComplianceReview {
  /** Verdict about this environment. */
  readonly verdict: Report['verdict'];
  /** Findings in it that nothing covers, in sentences. */
  readonly open: readonly string[];
  /** Exceptions in it that ended or end soon, in sentences. */
  readonly ending: readonly string[];
  /** How many exceptions hold in it. */
  readonly exceptions: number;
  /** Why the evidence of the last release is not compared with, in sentences; empty where it is, or where there is none. */
  readonly unfit: readonly string[];
  /** The release that is compared with; absent where none is. */
  readonly since?: string;
  /** What changed since in this environment. */
  readonly changes: readonly ComplianceChange[];
}

/** What an approver is asked to approve. */
export interface Review {
  /** Version of this form; raised when a field changes its meaning or goes. */
  readonly schemaVersion: 1;
  /** Name of the environment. */
  readonly environment: string;
  /** Its account. */
  readonly account: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The commit that is going to be deployed. */
  readonly commit: string;
  /** The commit that is deployed; absent before the first deployment. */
  readonly deployed?: string;
  /** Every stack, in the order of the template's names. */
  readonly stacks: readonly StackReview[];
  /** The schema. */
  readonly schema: SchemaReview;
  /** Compliance. */
  readonly compliance: ComplianceReview;
}

/** Thrown when something cannot be read that a review needs; its message names all of it, and how to mend it. */
export class ReviewError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'ReviewError';

  /** @param problems - every problem, a sentence each */
  constructor(problems: readonly string[]) {
    super(
      ['There is no review, and so nothing to approve:', ...problems.map((problem) => `  ${problem}`)].join(
        '\n',
      ),
    );
  }
}

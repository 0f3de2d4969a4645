import type { Clock } from '../ports';

/** What is looked at, in this order. */
export const CHECKS = ['health', 'version', 'signed-out', 'signed-in', 'visit'] as const;

/** One of {@link CHECKS}. */
export type CheckName = (typeof CHECKS)[number];

/** Longest that an answer of each check may take, in milliseconds. */
export type SmokeBudgets = Readonly<Record<CheckName, number>>;

/**
 * What is allowed when nothing else is said: the interactive limits of the platform's load test (health 100 ms, lists
 * 1,000 ms, single records 500 ms), with room for a first connection over TLS.
 */
export const DEFAULT_BUDGETS: SmokeBudgets = {
  health: 500,
  version: 300,
  'signed-out': 500,
  'signed-in': 1_000,
  visit: 1_000,
};

/** An appointment that no person keeps: its patient and clinician exist for this check alone. */
export interface SyntheticVisit {
  /** Id of the patient. */
  readonly patientId: string;
  /** Id of the clinician. */
  readonly clinicianId: string;
}

/** What to look at, and how. */
export interface SmokeOptions {
  /** `https://` address without a path. */
  readonly baseUrl: string;
  /**
   * Access token of a person who exists for this check alone.
   * @default - what needs one is skipped, and the report says so
   */
  readonly token?: string;
  /** Commit, or name of the release, that has to answer. */
  readonly expectVersion: string;
  /**
   * Longest that each answer may take.
   * @default - DEFAULT_BUDGETS
   */
  readonly budgets?: SmokeBudgets;
  /**
   * Books this visit: always for the same half hour of the year 2100, so that it leaves one row however often it runs.
   * @default - visits are only listed and read
   */
  readonly visit?: SyntheticVisit;
  /**
   * How long the first two checks are tried again while the load balancer takes up its new target, in milliseconds.
   * @default 15000
   */
  readonly settleMs?: number;
  /** Sends a request. */
  readonly fetch: typeof fetch;
  /** Time. */
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** How one check went. */
export interface SmokeCheck {
  /** Which. */
  readonly name: CheckName;
  /** How it ended; skipped where there is no token. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** How often it was tried. */
  readonly tries: number;
  /** How long the last answer took, in milliseconds. */
  readonly milliseconds: number;
  /** How long it might have taken, in milliseconds. */
  readonly budget: number;
  /** What was seen, and what was expected when it failed. Never holds what an answer said of a person. */
  readonly words: string;
}

/** How all of it went. */
export interface SmokeReport {
  /** Version of this form; raised when a field changes its meaning or goes. */
  readonly schemaVersion: 1;
  /** Whether nothing failed. */
  readonly passed: boolean;
  /** Where it was looked. */
  readonly baseUrl: string;
  /** Every check. */
  readonly checks: readonly SmokeCheck[];
  /** How long all of it took, in milliseconds. */
  readonly milliseconds: number;
}

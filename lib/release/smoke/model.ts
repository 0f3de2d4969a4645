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

/** What to look at, and how. */
export interface SmokeOptions {
  /** `https://` address without a path. */
  readonly baseUrl: string;
  /**
   * Signs in the person that the release is tried as, once; what it throws fails the smoke, in its own words.
   * @returns an access token
   */
  readonly signIn: () => Promise<string>;
  /** Id of the patient that a visit is booked for; the clinician is whoever is signed in. */
  readonly patientId: string;
  /** Commit, or name of the release, that has to answer. */
  readonly expectVersion: string;
  /**
   * Longest that each answer may take.
   * @default - DEFAULT_BUDGETS
   */
  readonly budgets?: SmokeBudgets;
  /**
   * How long the first two checks are tried again while the load balancer takes up its new target, in milliseconds.
   * @default 15000
   */
  readonly settleMs?: number;
  /** Sends a request. */
  readonly fetch: typeof fetch;
  /** Time. */
  readonly clock: Pick<Clock, 'now' | 'date' | 'sleep'>;
}

/** How one check went. */
export interface SmokeCheck {
  /** Which. */
  readonly name: CheckName;
  /** How it ended. */
  readonly outcome: 'passed' | 'failed';
  /** How often it was tried. */
  readonly tries: number;
  /** How long the last answer took, in milliseconds. */
  readonly milliseconds: number;
  /** How long it might have taken, in milliseconds. */
  readonly budget: number;
  /** What was seen, and what was expected when it failed. Never holds the token or what an answer said of a person. */
  readonly words: string;
}

/** How all of it went. */
export interface SmokeReport {
  /** Version of this form; raised when a field changes its meaning or goes. */
  readonly schemaVersion: 1;
  /** Whether every check was done and none failed. */
  readonly passed: boolean;
  /** Where it was looked. */
  readonly baseUrl: string;
  /** Every check. */
  readonly checks: readonly SmokeCheck[];
  /** How long all of it took, in milliseconds. */
  readonly milliseconds: number;
}

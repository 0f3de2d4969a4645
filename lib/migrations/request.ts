import type { Phase } from './model';

/** What the engine is asked; also what the runner function is invoked with. */
export type Request =
  | { readonly action: 'status' }
  | { readonly action: 'lock' }
  | { readonly action: 'drift' }
  | { readonly action: 'compatible'; readonly release: string }
  | { readonly action: 'plan'; readonly phase?: Phase; readonly to?: number }
  | UpRequest
  | DownRequest
  | { readonly action: 'repair' }
  | { readonly action: 'baseline'; readonly to: number };

/** Applies what is pending. The same request continues a run that answered `continue`. */
export interface UpRequest {
  /** Which action this is. */
  readonly action: 'up';
  /**
   * Which phase.
   * @default - expand
   */
  readonly phase?: Phase;
  /**
   * Number of the last migration to apply.
   * @default - all
   */
  readonly to?: number;
  /**
   * Digest of the plan that a person approved; without it nothing that loses data runs.
   * @default - nothing is approved
   */
  readonly approve?: string;
  /**
   * How to get the data of before back: a snapshot's id, or a moment to restore to. Kept in the history.
   * @default - none is recorded
   */
  readonly restorePoint?: string;
}

/** Undoes what is applied, newest first. */
export interface DownRequest {
  /** Which action this is. */
  readonly action: 'down';
  /** Number of the last migration to keep; 0 undoes all. */
  readonly to: number;
  /**
   * Whether data written since may be lost.
   * @default false
   */
  readonly allowLoss?: boolean;
}

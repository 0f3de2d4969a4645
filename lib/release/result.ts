import { REFUSED } from '../shared/exit-codes';
import type { DeploymentEnded } from './deployment/deploy';
import type { ReleaseRecord } from './records/model';

/** How a release or rollback ended. */
export interface Result {
  /** `interrupted` also when it was stopped before it began. */
  readonly outcome: DeploymentEnded['outcome'] | 'already-live' | 'refused';
  /** What happened, in a sentence or two. */
  readonly words: string;
  /** What was kept of it; absent where there was nothing to keep. */
  readonly record?: ReleaseRecord;
}

/**
 * Exit codes: 0 done or live already; 1 failed, the old version has the traffic or the words say what has; 2 refused,
 * nothing was changed; 3 interrupted, and taken back.
 */
export const EXIT: Readonly<Record<Result['outcome'], 0 | 1 | typeof REFUSED | 3>> = {
  succeeded: 0,
  'already-live': 0,
  'rolled-back': 1,
  failed: 1,
  refused: REFUSED,
  interrupted: 3,
};

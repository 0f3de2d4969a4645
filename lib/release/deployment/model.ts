/** Where a deployment is. What CodeDeploy may add one day counts as in flight. */
export type State = 'in-flight' | 'succeeded' | 'failed' | 'stopped';

/** Statuses that can be asked for and are not the end. `Baking` has no documented meaning (release API model). */
export const IN_FLIGHT_STATUSES = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'] as const;

const ENDS: Readonly<Record<string, State>> = {
  Succeeded: 'succeeded',
  Failed: 'failed',
  Stopped: 'stopped',
};

/** What a status means. */
export function stateOf(status: string | undefined): State {
  return ENDS[status ?? ''] ?? 'in-flight';
}

/** A step of a deployment. */
export interface LifecycleEvent {
  /** Such as `AllowTraffic`. */
  readonly name: string;
  /** As CodeDeploy says it: Pending, InProgress, Succeeded, Failed, Skipped or Unknown. */
  readonly status: string;
  /** When it began, by CodeDeploy's clock. */
  readonly startedAt?: Date;
  /** When it was over. */
  readonly endedAt?: Date;
  /** What went wrong. */
  readonly message?: string;
}

/** One of the two colours. */
export interface TaskSetTraffic {
  /** Such as `ecs-svc/1234567890`. */
  readonly id: string;
  /** Share of the traffic, in per cent. */
  readonly weight: number;
  /** Whether it is the one that was there before. */
  readonly old: boolean;
  /** Tasks that run. */
  readonly running: number;
  /** Tasks that should. */
  readonly desired: number;
}

/** A deployment at a moment. */
export interface Snapshot {
  /** Its id. */
  readonly id: string;
  /** CodeDeploy's own word. */
  readonly status: string;
  /** What that means. */
  readonly state: State;
  /** Why it failed. */
  readonly error?: { readonly code: string; readonly message: string };
  /** What was said of it when it was created. */
  readonly description?: string;
  /** Who created it, in CodeDeploy's words: `user`, `codeDeployRollback` and others. */
  readonly creator?: string;
  /** When it was created. */
  readonly createdAt?: Date;
  /** When it was over. */
  readonly completedAt?: Date;
  /** Digest of its AppSpec. */
  readonly sha256?: string;
  /** Whether CodeDeploy goes back by itself when it fails. */
  readonly rollsBack: boolean;
  /** The deployment that took this one back. */
  readonly rollbackDeployment?: string;
  /** The deployment that this one takes back. */
  readonly takesBack?: string;
  /** Whether the old version only waits to be ended. */
  readonly baking: boolean;
  /** Its steps; empty until it has begun. */
  readonly events: readonly LifecycleEvent[];
  /** Its colours; empty until it has begun. */
  readonly taskSets: readonly TaskSetTraffic[];
}

/** Whether anything of the new version was made: before that there is nothing to take back. */
export function hasInstalled({ events }: Snapshot): boolean {
  return events.some(
    ({ name, status, startedAt }) =>
      // What was stopped half-way may be called skipped and have begun nevertheless.
      name === 'Install' && (startedAt !== undefined || !['Pending', 'Skipped'].includes(status)),
  );
}

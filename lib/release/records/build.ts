import type { DeploymentEnded } from '../deployment/deploy';
import type { Snapshot } from '../deployment/model';
import type { Version } from '../task-definition';
import { ROLLBACK_PHASE } from './metrics';
import { releaseKey, type ReleaseRecord } from './model';

/** What of a record is known before anything is deployed. */
export interface RecordBasis {
  /** Environment. */
  readonly environment: string;
  /** What it is. */
  readonly kind: ReleaseRecord['kind'];
  /** Who or what started it. */
  readonly by: string;
  /**
   * Who approved it.
   * @default - nobody had to
   */
  readonly approver?: string;
  /**
   * When the commit was made, ISO 8601.
   * @default - it has no lead time
   */
  readonly committedAt?: string;
  /**
   * Titles of the migrations that came with it.
   * @default - none
   */
  readonly migrations?: readonly string[];
}

/** Who and when, for what was refused and so has no deployment. */
export interface RefusedAt {
  /** When it was refused. */
  readonly at: Date;
  /** Why. */
  readonly cause: string;
}

const LONGEST_CAUSE = 1_000;
const OUTCOMES = {
  succeeded: 'succeeded',
  'rolled-back': 'rolled-back',
  interrupted: 'rolled-back',
  failed: 'failed',
} as const;

/** The record of a deployment that is over. Its moments are CodeDeploy's own, so that every watcher writes the same key. */
export function recordOf(
  basis: RecordBasis,
  version: Version,
  ended: DeploymentEnded,
  now: Date,
): ReleaseRecord {
  const { snapshot, outcome, previous, cause, alarms, wayBack } = ended;
  const startedAt = snapshot.createdAt ?? now;
  const over = snapshot.completedAt ?? now;
  return {
    ...common(basis, version),
    release: releaseKey(startedAt, snapshot.id),
    ...(previous !== undefined && { previousTaskDefinition: previous }),
    startedAt: startedAt.toISOString(),
    endedAt: new Date(over.getTime() + (wayBack?.milliseconds ?? 0)).toISOString(),
    phases: [
      ...phasesOf(snapshot),
      ...(wayBack ? [{ name: ROLLBACK_PHASE, seconds: Math.max(0, wayBack.milliseconds) / 1_000 }] : []),
    ],
    outcome: OUTCOMES[outcome],
    ...(cause !== undefined && { cause: cause.slice(0, LONGEST_CAUSE) }),
    alarms: [...alarms],
  };
}

/** The record of what was refused before there was a deployment. */
export function refusedRecord(basis: RecordBasis, version: Version, { at, cause }: RefusedAt): ReleaseRecord {
  return {
    ...common(basis, version),
    release: releaseKey(at, 'refused'),
    startedAt: at.toISOString(),
    endedAt: at.toISOString(),
    phases: [],
    outcome: 'refused',
    cause: cause.slice(0, LONGEST_CAUSE),
    alarms: [],
  };
}

function common(
  { environment, kind, by, approver, committedAt, migrations = [] }: RecordBasis,
  { version, commit, digest, taskDefinition }: Version,
): Pick<
  ReleaseRecord,
  | 'environment'
  | 'kind'
  | 'by'
  | 'approver'
  | 'committedAt'
  | 'migrations'
  | 'version'
  | 'commit'
  | 'digest'
  | 'taskDefinition'
> {
  return {
    ...{ environment, kind, by, version, commit, taskDefinition, migrations: [...migrations] },
    ...(approver !== undefined && { approver }),
    ...(committedAt !== undefined && { committedAt: new Date(committedAt).toISOString() }),
    ...(digest !== undefined && { digest }),
  };
}

/** How long each step took, and how long the old version was kept after the last one. */
function phasesOf({ events, state, completedAt }: Snapshot): ReleaseRecord['phases'] {
  const phases = events.flatMap(({ name, startedAt, endedAt }) =>
    startedAt && endedAt ? [{ name, seconds: between(startedAt, endedAt) }] : [],
  );
  const last = events.flatMap(({ endedAt }) => (endedAt ? [endedAt.getTime()] : [])).sort((a, b) => b - a)[0];
  if (state !== 'succeeded' || !completedAt || last === undefined) return phases;
  return [...phases, { name: 'Bake', seconds: between(new Date(last), completedAt) }];
}

function between(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1_000;
}

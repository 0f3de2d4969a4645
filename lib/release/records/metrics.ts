import type { ReleaseRecord } from './model';

/** The four measures of how software is delivered, over some days. Absent where nothing is there to measure. */
export interface DeliveryMetrics {
  /** Days they are over. */
  readonly days: number;
  /** Releases that took the traffic or tried to; rollbacks and refused ones are none. */
  readonly releases: number;
  /** Median time from the commit to the end of its release, in seconds. */
  readonly leadTimeSeconds?: number;
  /** Successful releases a day. */
  readonly deploymentsPerDay: number;
  /** Share of releases that failed or were rolled back, from 0 to 1. */
  readonly changeFailureRate?: number;
  /** Median time from a known failure until a sound version had all traffic again, in seconds. */
  readonly timeToRestoreSeconds?: number;
}

/** Name of the phase in which a failed release was taken back. */
export const ROLLBACK_PHASE = 'Rollback';

/**
 * Computes the measures from the records of one environment.
 * @param records - in any order
 * @param days - how many days the records are of
 */
export function deliveryMetrics(records: readonly ReleaseRecord[], days: number): DeliveryMetrics {
  const inOrder = records
    .filter(({ outcome }) => outcome !== 'refused')
    .sort((one, other) => one.endedAt.localeCompare(other.endedAt));
  const releases = inOrder.filter(({ kind }) => kind !== 'rollback');
  const good = releases.filter(({ outcome }) => outcome === 'succeeded');
  const failures = releases.flatMap((release) => {
    const failure = failureOf(release, inOrder);
    return failure ? [failure] : [];
  });
  const lead = median(
    good.flatMap(({ committedAt, endedAt }) =>
      committedAt === undefined ? [] : [seconds(committedAt, endedAt)],
    ),
  );
  const restore = median(
    failures.flatMap(({ restoredIn }) => (restoredIn === undefined ? [] : [restoredIn])),
  );
  return {
    days,
    releases: releases.length,
    deploymentsPerDay: good.length / days,
    ...(lead !== undefined && { leadTimeSeconds: lead }),
    ...(releases.length > 0 && { changeFailureRate: failures.length / releases.length }),
    ...(restore !== undefined && { timeToRestoreSeconds: restore }),
  };
}

interface Failure {
  /** Seconds; absent while it is not restored. */
  readonly restoredIn?: number;
}

/**
 * How a release failed, if it did. Taken back by CodeDeploy: restored in the time that took. Left broken: restored by the
 * next one that succeeds. Found bad after it had succeeded: restored by the rollback that left it, from when it was ordered.
 */
function failureOf(release: ReleaseRecord, inOrder: readonly ReleaseRecord[]): Failure | undefined {
  const later = inOrder.filter((one) => one.startedAt >= release.endedAt && one.outcome === 'succeeded');
  if (release.outcome === 'rolled-back')
    return { restoredIn: release.phases.find(({ name }) => name === ROLLBACK_PHASE)?.seconds ?? 0 };
  if (release.outcome === 'failed') {
    const next = later[0];
    return next ? { restoredIn: seconds(release.endedAt, next.endedAt) } : {};
  }
  const next = later[0];
  const takenBack = next?.kind === 'rollback' && next.previousTaskDefinition === release.taskDefinition;
  return takenBack ? { restoredIn: seconds(next.startedAt, next.endedAt) } : undefined;
}

function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted.length % 2 === 0 ? sorted[middle - 1] : upper;
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

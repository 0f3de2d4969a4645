import type { Snapshot } from './model';
import { type StopOptions, waitForWayBack, type WayBack } from './stop';

/** How a deployment ended. */
export interface End {
  /** `interrupted` when we stopped it; `rolled-back` when the old version has the traffic. */
  readonly outcome: 'succeeded' | 'rolled-back' | 'failed' | 'interrupted';
  /** What happened, in a sentence or two. */
  readonly words: string;
  /** Why, unless it succeeded. */
  readonly cause?: string;
  /** The deployment at its end. */
  readonly snapshot: Snapshot;
  /** The deployment that took it back, and how long after the end of this one it was done, in milliseconds. */
  readonly wayBack?: { readonly id: string; readonly milliseconds: number };
}

/**
 * How a deployment that is over ended: for one that did not succeed, waits for what takes it back.
 * @throws as `persist` does
 */
export async function judge(snapshot: Snapshot, stop: StopOptions): Promise<End> {
  const { id, state, status, error } = snapshot;
  if (state === 'succeeded') return { outcome: 'succeeded', words: `${id} succeeded.`, snapshot };
  const failedAt = snapshot.events.find((event) => event.status === 'Failed');
  const cause = [failedAt?.name, failedAt?.message, error && `${error.code}: ${error.message}`]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  stop.progress(`${id} ${status.toLowerCase()}${cause === '' ? '' : `: ${cause}`}`);
  const way = await waitForWayBack(snapshot, stop);
  return {
    outcome: ['back', 'stayed', 'not-needed'].includes(way.went) ? 'rolled-back' : 'failed',
    ...(way.went === 'back' && { wayBack: { id: way.id, milliseconds: way.milliseconds } }),
    words: `${id} ${status.toLowerCase()}. ${backWords(way)}`,
    cause: cause === '' ? `CodeDeploy says ${status} and gives no reason` : cause,
    snapshot,
  };
}

function backWords(way: WayBack): string {
  switch (way.went) {
    case 'back':
      return `${way.id} took it back: the old version has all traffic.`;
    case 'not-needed':
      return 'Nothing of the new version was made: the old version kept all traffic.';
    case 'stayed':
      return 'The old version has all traffic.';
    case 'wrong':
      return `${way.id} was to take it back and did not (${way.why}): see docs/runbooks/release-stuck.md.`;
    case 'not-asked':
      return 'CodeDeploy does not go back by itself here: see docs/runbooks/release-stuck.md.';
    case 'unseen':
      return 'No deployment that takes it back was seen: see docs/runbooks/release-stuck.md.';
  }
}

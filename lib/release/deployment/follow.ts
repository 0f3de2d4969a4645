import type { ReleaseClients } from '../aws/clients';
import { Interrupted } from '../aws/persist';
import type { Clock, Progress } from '../ports';
import { type Limits, limitNow } from './limits';
import type { Snapshot } from './model';
import { changes, elapsed } from './narrate';
import { Observer } from './observe';

/** How to follow a deployment. */
export interface FollowOptions {
  /** The environment's services. */
  readonly clients: Pick<ReleaseClients, 'codeDeploy'>;
  /** Time. */
  readonly clock: Clock;
  /** Is told what changes. */
  readonly progress: Progress;
  /** How long it may stay as it is. */
  readonly limits: Limits;
  /**
   * Ends the following.
   * @default - it is followed to its end
   */
  readonly signal?: AbortSignal;
}

/** How following ended. */
export type Followed =
  | { readonly ended: 'over'; readonly snapshot: Snapshot }
  | { readonly ended: 'interrupted'; readonly last?: Snapshot }
  | { readonly ended: 'stalled'; readonly last?: Snapshot; readonly words: string };

/** How often it is looked at: the most that a release adds to its deployment. */
const POLL_MS = 1_000;
/** How long CodeDeploy may be out of reach before the following ends; a deployment goes on without it. */
const UNREACHABLE_MS = 60 * 60_000;

/**
 * Follows a deployment until it is over, somebody says to stop, or it stays as it is for longer than what it is at may
 * take. Lost connections and throttling do not end it; an answer that says no counts as if it stayed as it is.
 */
export async function follow(id: string, options: FollowOptions): Promise<Followed> {
  const { clients, clock, progress, limits, signal } = options;
  const observer = new Observer(clients, id);
  let last: Snapshot | undefined;
  let since = clock.now();
  try {
    for (;;) {
      const now = await observer.look({ ...options, forMs: UNREACHABLE_MS });
      for (const line of changes(last, now)) progress(line);
      if (now.state !== 'in-flight') return { ended: 'over', snapshot: now };
      if (differ(last, now)) since = clock.now();
      last = now;
      const limit = limitNow(now, limits);
      if (clock.now() - since > limit.milliseconds) {
        const words = `${limit.name} has lasted ${elapsed(clock.now() - since)} where ${elapsed(limit.milliseconds)} are allowed`;
        return { ended: 'stalled', last, words };
      }
      await clock.sleep(POLL_MS, signal);
      if (signal?.aborted) return { ended: 'interrupted', last };
    }
  } catch (error) {
    if (error instanceof Interrupted) return { ended: 'interrupted', ...(last && { last }) };
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ended: 'stalled', words: `${id} cannot be followed any more (${why})`, ...(last && { last }) };
  }
}

function differ(before: Snapshot | undefined, after: Snapshot): boolean {
  return (
    before?.status !== after.status ||
    before.baking !== after.baking ||
    JSON.stringify([before.events, before.taskSets]) !== JSON.stringify([after.events, after.taskSets])
  );
}

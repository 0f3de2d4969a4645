import { isRetryable, OutOfTime, sqlstateOf } from './errors';
import type { Run, Task } from './run';
import { rollback } from './session';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/**
 * Tries until the locks are there. Each try waits for a lock only as long as the script's `lock_timeout` says,
 * since all sessions that come later wait behind it; the time in between grows and varies, so that the
 * application gets its turn. Anything but a lock that is not free or a deadlock is thrown at once.
 *
 * @throws OutOfTime when the runner's own time ends first
 */
export async function retrying<T>(run: Run, task: Task, work: () => Promise<T>): Promise<T> {
  const { clock, limits, left, tell } = run.engine;
  const start = clock.now();
  for (let tries = 1; ; tries += 1) {
    if (left() <= 0) throw new OutOfTime();
    task.attempts += 1;
    try {
      return await work();
    } catch (error) {
      await rollback(run.session.client);
      if (!isRetryable(error)) throw error;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)) * (0.5 + clock.random());
      if (clock.now() - start + wait > limits.retryMs) throw error;
      if (left() <= wait) throw new OutOfTime();
      tell({
        kind: 'retry',
        title: task.title,
        words: `${task.title} did not get its locks (${sqlstateOf(error) ?? ''}), try ${tries}; tries again in ${Math.round(wait)} ms.`,
      });
      await clock.sleep(wait);
    }
  }
}

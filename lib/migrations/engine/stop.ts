import { RUNNER_APPLICATION } from '../guards';
import type { Engine } from './options';
import type { Session } from './session';

const POLL_MS = 200;

/** A short statement ends by itself, and may be the one that writes the history. */
const CANCEL = `
  SELECT pg_cancel_backend(pid) FROM pg_stat_activity
  WHERE pid = $1 AND state = 'active' AND query_start < clock_timestamp() - interval '100 ms'`;

/**
 * Once the signal says so, cancels what runs in the session, until it is released.
 * @returns releases it
 */
export function cancelWhenStopped(engine: Engine, session: Session): () => Promise<void> {
  const { signal } = engine;
  let released = false;
  let cancelling = Promise.resolve();
  const onStop = (): void => {
    cancelling = cancel().catch(() => {
      // Without a second connection the statement runs to its end or to its timeout; then the run stops all the same.
      engine.tell({
        kind: 'note',
        words: 'The statement that runs cannot be cancelled; the run stops after it.',
      });
    });
  };
  async function cancel(): Promise<void> {
    const client = await engine.connect(`${RUNNER_APPLICATION}/stop`);
    client.on('error', () => undefined);
    try {
      while (!released) {
        await client.query(CANCEL, [session.pid]);
        await engine.clock.sleep(POLL_MS);
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  signal?.addEventListener('abort', onStop, { once: true });
  return async () => {
    released = true;
    signal?.removeEventListener('abort', onStop);
    await cancelling;
  };
}

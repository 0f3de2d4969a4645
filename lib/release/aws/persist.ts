import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { Clock, Progress } from '../ports';

type SdkError = Parameters<typeof isThrottlingError>[0];

/** How long to go on asking, and whom to tell. */
export interface Patience {
  /** Time and chance. */
  readonly clock: Clock;
  /** Is told once when an answer does not come, and once when it does again. */
  readonly progress: Progress;
  /**
   * Gives up at once when it says so.
   * @default - it asks on
   */
  readonly signal?: AbortSignal;
  /**
   * Longest to go without an answer, in milliseconds.
   * @default 300000
   */
  readonly forMs?: number;
}

/** Thrown when somebody said to stop while an answer was waited for. */
export class Interrupted extends Error {
  /** Tells it from other errors. */
  override readonly name = 'Interrupted';
}

const FOR_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Calls AWS until it answers: throttled, unreachable or broken, it is asked again with growing pauses, half of each left
 * to chance so that many callers come apart. An answer that says no is thrown as it is.
 * @throws Interrupted when the signal says so; the last error when patience is over
 */
export async function persist<T>(
  service: string,
  call: (signal?: AbortSignal) => Promise<T>,
  { clock, progress, signal, forMs = FOR_MS }: Patience,
): Promise<T> {
  const start = clock.now();
  for (let tries = 0; ; tries++) {
    if (signal?.aborted) throw new Interrupted();
    try {
      const answer = await call(signal);
      if (tries > 0) progress(`${service} answers again.`);
      return answer;
    } catch (error) {
      // Asked anew each time: it may have been said while the call was on its way.
      if (signal?.aborted) throw new Interrupted();
      if (!mayPass(error) || clock.now() - start >= forMs) throw error;
      if (tries === 0) progress(`${service} ${why(error)}; asking again.`);
      await clock.sleep(pauseAfter(tries, clock.random()), signal);
    }
  }
}

/** The pause after so many tries, in milliseconds. */
export function pauseAfter(tries: number, chance: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10));
  return whole * (0.5 + chance / 2);
}

/** Whether the same call may be answered later. */
export function mayPass(error: unknown): error is SdkError {
  return isError(error) && (isThrottlingError(error) || isLost(error));
}

/** Whether nobody knows if the call arrived: the connection or the service broke. */
export function isLost(error: unknown): boolean {
  return isError(error) && (isTransientError(error) || isServerError(error) || cutOff(error));
}

function isError(error: unknown): error is SdkError {
  return error instanceof Error;
}

/** A connection that ends in the middle of an answer leaves neither a code nor a status. */
function cutOff(error: Error): boolean {
  return /socket hang up|ECONNRESET|premature close|aborted|terminated/i.test(error.message);
}

function why(error: SdkError): string {
  if (isThrottlingError(error)) return 'is asked too often';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return `does not answer (${code})`;
}

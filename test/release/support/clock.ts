import type { Clock } from '../../../lib/release/ports';

/** A clock that moves only when somebody waits, or a test moves it. */
export class StillClock implements Clock {
  private milliseconds = 0;
  /** How much faster than asked for it goes while somebody waits. */
  pace = 1;
  /** How long was waited for, each time. */
  readonly waits: number[] = [];
  private readonly alarms: { readonly at: number; readonly ring: () => void }[] = [];

  constructor(
    private readonly start = new Date('2026-03-01T10:00:00.000Z'),
    private readonly chance = () => 0.5,
  ) {}

  now(): number {
    return this.milliseconds;
  }

  date(): Date {
    return new Date(this.start.getTime() + this.milliseconds);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(milliseconds);
    if (!signal?.aborted) this.pass(milliseconds * this.pace);
    // A turn of the loop, so that what waits for a socket gets its turn.
    return new Promise((resolve) => setImmediate(resolve));
  }

  random(): number {
    return this.chance();
  }

  /** Moves the clock. */
  pass(milliseconds: number): void {
    this.milliseconds += milliseconds;
    for (const { ring } of this.alarms.filter(({ at }) => at <= this.milliseconds)) ring();
    const rest = this.alarms.filter(({ at }) => at > this.milliseconds);
    this.alarms.splice(0, this.alarms.length, ...rest);
  }

  /** Does something once the clock has come so far. */
  at(milliseconds: number, ring: () => void): void {
    this.alarms.push({ at: milliseconds, ring });
  }
}

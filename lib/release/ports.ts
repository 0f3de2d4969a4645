/** Time and chance, passed in so that nothing here reads them by itself. */
export interface Clock {
  /** Milliseconds that only ever grow; for durations and deadlines, never shown. */
  now(): number;
  /** The moment it is, for records. */
  date(): Date;
  /**
   * Waits, in milliseconds; ends early when the signal says so.
   * @throws never: who waits looks at the signal
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
}

/** Is told how it goes, a line at a time. */
export type Progress = (line: string) => void;

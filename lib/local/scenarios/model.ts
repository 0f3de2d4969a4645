import type { Stage } from './stage';

/** Something that goes wrong, played against the running platform. */
export interface Scenario {
  /** Its name on the command line, such as `green-500s`. */
  readonly name: string;
  /** What goes wrong and what has to come of it, in a sentence. */
  readonly about: string;
  /** Requests in a second meanwhile. */
  readonly rps: number;
  /** How many times faster than in AWS the waits are. */
  readonly speed: number;
  /** How many times faster the hour is that a hook and an installation are given; as slow as in AWS unless told. */
  readonly limitSpeed?: number;
  /** Plays it. */
  readonly play: (stage: Stage) => Promise<Ending>;
}

/** How it has to have ended. */
export interface Ending {
  /** Exit code that the command under test ended with. */
  readonly code: number | null;
  /** Exit code that is right. */
  readonly rightCode: number;
  /** Words that it has to have said. */
  readonly says: RegExp;
  /** All that it said. */
  readonly output: string;
  /** Which version has all traffic in the end. */
  readonly live: 'old' | 'new';
}

/** Something that has to hold. */
export interface Check {
  /** What. */
  readonly what: string;
  /** Whether it does. */
  readonly holds: boolean;
  /** What was seen. */
  readonly seen: string;
}

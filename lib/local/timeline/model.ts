import type { Seen } from '../traffic/watch';

/** Something that took time. */
export interface Span {
  /** Row that it is drawn in, such as a stage or a deployment. */
  readonly lane: string;
  /** What it is called. */
  readonly name: string;
  /** Beginning, milliseconds since 1970. */
  readonly from: number;
  /** End. */
  readonly to: number;
  /** How it ended. */
  readonly outcome: 'good' | 'bad' | 'skipped';
  /** What else is to be said of it. */
  readonly words: string;
}

/** What a timeline shows. */
export interface Timeline {
  /** Heading. */
  readonly title: string;
  /** How it ended, in a sentence. */
  readonly verdict: string;
  /** Beginning, milliseconds since 1970. */
  readonly from: number;
  /** End. */
  readonly to: number;
  /** Actions and lifecycle events, in order of their lanes. */
  readonly spans: readonly Span[];
  /** Traffic, place by place. */
  readonly traffic: readonly Seen[];
}

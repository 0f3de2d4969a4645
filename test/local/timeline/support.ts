import type { Bucket } from '../../../lib/load/model';
import type { Timeline } from '../../../lib/local/timeline/model';

/** Begin of {@link timeline}, in milliseconds since 1970. */
export const BEGIN = Date.UTC(2030, 0, 1);

/** A second of traffic. */
export function bucket(second: number, failed: Record<string, number> = {}): Bucket {
  return { at: BEGIN + second * 1000, good: 25, failed, latencies: [5, 7, 11] };
}

/** A release under traffic that failed, with words that a page must not take for its own. */
export const timeline: Timeline = {
  title: 'Rehearsal',
  verdict: 'Failed: the <script>alert(1)</script> & "rest".',
  from: BEGIN,
  to: BEGIN + 100_000,
  spans: [
    {
      ...{ lane: 'Staging', name: 'Release', outcome: 'bad', words: `it's "<b>"` },
      from: BEGIN + 10_000,
      to: BEGIN + 60_000,
    },
    {
      ...{ lane: 'd-1', name: 'AllowTraffic', outcome: 'good', words: '' },
      from: BEGIN + 20_000,
      to: BEGIN + 30_000,
    },
  ],
  traffic: [
    {
      name: '222222222222',
      buckets: [bucket(1), bucket(25, { 503: 2 }), bucket(90)],
      weights: [
        { at: BEGIN, groups: { blue: 100 } },
        { at: BEGIN + 20_000, groups: { blue: 90, green: 10 } },
      ],
    },
  ],
};

import type { LoadResult } from '../support/load';
import type { Measured } from './measure';

/** What has to hold. Times in milliseconds. */
export const TARGETS = {
  /** Worst request during a shipped form, as a multiple of the same run's worst without a migration. */
  shipped: 3.5,
  /** Worst request while the watchdog ends a naive form. */
  watchedMs: 300,
  /** Plan of a thousand migrations. */
  planMs: 1000,
  /** Status of them. */
  statusMs: 200,
  /** One migration that does nothing. */
  emptyMs: 10,
  /** Largest growth of the engine's memory from the second quarter of a backfill to its end, as a factor. */
  memory: 1.25,
} as const;

/** Compares with what the application feels anyway. */
export class Ratios {
  constructor(private readonly baseline: LoadResult) {}

  of({ worstMs }: LoadResult): number {
    return worstMs / this.baseline.worstMs;
  }

  /** Worst, failed, slow and duration, as the table shows them. */
  cells(measured: Measured): string[] {
    return [
      this.of(measured).toFixed(1),
      percent(failed(measured), measured.requests),
      percent(measured.slow, measured.requests),
      (measured.milliseconds / 1000).toFixed(1),
    ];
  }
}

function failed({ failures }: LoadResult): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

function percent(part: number, whole: number): string {
  return part === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** Which targets a shipped form misses. */
export function missedBy(title: string, ratios: Ratios, shipped: Measured): string[] {
  const ratio = ratios.of(shipped);
  const codes = Object.entries(shipped.failures).map(([code, count]) => `${count} with ${code}`);
  return [
    ...(codes.length > 0 ? [`"${title}" as shipped failed requests: ${codes.join(', ')}.`] : []),
    ...(ratio > TARGETS.shipped
      ? [
          `"${title}" as shipped: the worst request is ${ratio.toFixed(1)} times the baseline's, ${TARGETS.shipped} is the most.`,
        ]
      : []),
  ];
}

/** Whether memory stays as it is once the process has warmed up, in its first quarter. */
export function flat(rss: readonly number[]): { readonly words: string; readonly grew: boolean } {
  const quarter = (part: number): number => {
    const slice = rss.slice(Math.floor((rss.length * part) / 4), Math.floor((rss.length * (part + 1)) / 4));
    return slice.reduce((most, bytes) => Math.max(most, bytes), 0) / 2 ** 20;
  };
  const parts = [0, 1, 2, 3].map(quarter);
  const [, second = 0, , fourth = 0] = parts;
  return {
    words: `${parts.map((mebibytes) => mebibytes.toFixed(0)).join(', ')} MiB at most in each quarter of its time`,
    grew: fourth > second * TARGETS.memory,
  };
}

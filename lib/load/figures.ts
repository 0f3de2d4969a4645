import type { Bucket, Figures } from './model';

/** A stretch of time that figures are wanted of. */
export interface Stretch {
  /** What it is called. */
  readonly name: string;
  /** Beginning, milliseconds since 1970. */
  readonly from: number;
  /** End, milliseconds since 1970. */
  readonly to: number;
}

/** The figures of a stretch: of the buckets that begin in it. */
export function figuresOf(buckets: readonly Bucket[], { name, from, to }: Stretch): Figures {
  const own = buckets.filter(({ at }) => at >= from && at < to);
  const latencies = own.flatMap((bucket) => bucket.latencies).sort((a, b) => a - b);
  const failed: Record<string, number> = {};
  for (const bucket of own)
    for (const [kind, count] of Object.entries(bucket.failed)) failed[kind] = (failed[kind] ?? 0) + count;
  return {
    name,
    requests: own.reduce((sum, { good }) => sum + good, 0) + failures({ failed }),
    failed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    worst: quantile(latencies, 1),
  };
}

/** How many failed. */
export function failures({ failed }: Pick<Figures, 'failed'>): number {
  return Object.values(failed).reduce((sum, count) => sum + count, 0);
}

/** Figures as lines of a table. */
export function figuresText(all: readonly Figures[]): string[] {
  const width = Math.max(...all.map(({ name }) => name.length), 5);
  return [
    `${'phase'.padEnd(width)}  requests  failed        p50        p99      worst`,
    ...all.map((figures) => {
      const kinds = Object.entries(figures.failed).map(([kind, count]) => `${kind}: ${count}`);
      const times = [figures.p50, figures.p99, figures.worst].map((ms) => `${ms.toFixed(1)} ms`.padStart(11));
      const numbers = `${String(figures.requests).padStart(8)}  ${String(failures(figures)).padStart(6)}`;
      return `${figures.name.padEnd(width)}  ${numbers}${times.join('')}${kinds.length > 0 ? `  (${kinds.join(', ')})` : ''}`;
    }),
  ];
}

/** The nearest rank; 0 of nothing. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

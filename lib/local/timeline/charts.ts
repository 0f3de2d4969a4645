import { failures, figuresOf } from '../../load/figures';
import type { Bucket } from '../../load/model';
import type { Seen } from '../traffic/watch';

/** Height of a chart's own coordinates; they are as wide as the time is long. */
const HEIGHT = 100;
/** Points of a chart at most: more than a screen shows. */
const POINTS = 600;

/** The time that all charts share. */
export interface Axis {
  /** Beginning, milliseconds since 1970. */
  readonly from: number;
  /** End. */
  readonly to: number;
}

/** A line or area of a chart. */
export interface Series {
  /** What it is called. */
  readonly name: string;
  /** Class that colours it. */
  readonly style: string;
  /** Values at times. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** A chart: series over the shared time. */
export interface Chart {
  /** What it shows. */
  readonly name: string;
  /** Unit of its values. */
  readonly unit: string;
  /** Series, drawn one over the other. */
  readonly series: readonly Series[];
}

/** The charts of a place: weights, requests, failures, latency. */
export function chartsOf({ name, buckets, weights }: Seen, axis: Axis): readonly Chart[] {
  const groups = [...new Set(weights.flatMap((one) => Object.keys(one.groups)))].sort();
  const shares = groups.map((group, index): Series => ({
    name: group,
    style: `group-${index % 4}`,
    points: steps(
      weights.map(({ at, groups: shares }) => [at, shares[group] ?? 0]),
      axis.to,
    ),
  }));
  const slots = slotsOf(buckets, axis);
  const line = (title: string, style: string, value: (slot: Slot) => number): Series => ({
    ...{ name: title, style },
    points: slots.map((slot) => [slot.at, value(slot)]),
  });
  const all: readonly Chart[] = [
    { name: `${name}: traffic by target group`, unit: '%', series: shares },
    { name: `${name}: requests`, unit: '/s', series: [line('requests', 'requests', ({ rate }) => rate)] },
    {
      name: `${name}: failures`,
      unit: '/s',
      series: [line('failures', 'failures', ({ failing }) => failing)],
    },
    {
      ...{ name: `${name}: latency`, unit: 'ms' },
      series: [line('p99', 'p99', ({ p99 }) => p99), line('p50', 'p50', ({ p50 }) => p50)],
    },
  ];
  return all.filter(({ series }) => series.some(({ points }) => points.length > 0));
}

interface Slot {
  readonly at: number;
  readonly rate: number;
  readonly failing: number;
  readonly p50: number;
  readonly p99: number;
}

function slotsOf(buckets: readonly Bucket[], { from, to }: Axis): readonly Slot[] {
  const first = buckets[0]?.at;
  if (first === undefined) return [];
  const width = Math.max(1000, (to - from) / POINTS);
  const slots: Slot[] = [];
  for (let at = first; at < to; at += width) {
    const figures = figuresOf(buckets, { name: '', from: at, to: at + width });
    const seconds = width / 1000;
    slots.push({
      ...{ at, rate: figures.requests / seconds, failing: failures(figures) / seconds },
      ...{ p50: figures.p50, p99: figures.p99 },
    });
  }
  return slots;
}

/** A value holds until the next one. */
function steps(points: readonly [number, number][], end: number): [number, number][] {
  return points.flatMap(([at, value], index): [number, number][] => [
    [at, value],
    [points[index + 1]?.[0] ?? end, value],
  ]);
}

/** Highest value of a chart, at least 1. */
export function topOf({ series }: Chart): number {
  return Math.max(1, ...series.flatMap(({ points }) => points.map(([, value]) => value)));
}

/** A chart's drawing, which may be stretched to any width. */
export function drawing(chart: Chart, { from, to }: Axis): string {
  const top = topOf(chart);
  const x = (at: number): string => (((at - from) / (to - from)) * 1000).toFixed(2);
  const y = (value: number): string => (HEIGHT - (value / top) * HEIGHT).toFixed(2);
  const lines = chart.series.map(({ style, points }) => {
    const way = points.map(([at, value]) => `${x(at)},${y(value)}`).join(' ');
    return `<polyline class="line ${style}" points="${way}" vector-effect="non-scaling-stroke"/>`;
  });
  return `<svg class="chart" viewBox="0 0 1000 ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${lines.join('')}</svg>`;
}

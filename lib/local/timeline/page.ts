import { failures, figuresOf } from '../../load/figures';
import { type Axis, type Chart, chartsOf, drawing, topOf } from './charts';
import { text } from './html';
import type { Span, Timeline } from './model';
import { STYLES } from './styles';

const TICKS = 10;

/** A timeline as one page that needs nothing else: actions, lifecycle events and traffic over the same time. */
export function renderTimeline(timeline: Timeline): string {
  const { title, verdict, from, to, spans, traffic } = timeline;
  const axis = { from, to: Math.max(to, from + 1) };
  const lanes = [...new Set(spans.map(({ lane }) => lane))];
  const charts = traffic.flatMap((seen) => chartsOf(seen, axis));
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${text(title)}</title><style>${STYLES}</style></head><body><main>`,
    `<h1>${text(title)}</h1><p class="verdict">${text(verdict)}</p>`,
    `<p>${text(new Date(from).toISOString())}, ${duration(axis.to - from)}.</p>`,
    trafficTable(timeline),
    '<h2 id="timeline">Timeline</h2>',
    zoom(),
    '<div class="scroll" tabindex="0" role="region" aria-labelledby="timeline"><div class="time">',
    ticks(axis),
    ...lanes.map((lane) => laneOf(lane, spans, axis)),
    ...charts.map((chart) => chartOf(chart, axis)),
    '</div></div>',
    spansTable(spans, from),
    '</main></body></html>',
  ].join('\n');
}

function zoom(): string {
  const choices = [1, 2, 5, 20].map(
    (times) =>
      `<label><input type="radio" name="zoom" id="zoom-${times}"${times === 1 ? ' checked' : ''}> ${times}×</label>`,
  );
  return `<fieldset><legend>Zoom</legend>${choices.join('')}</fieldset>`;
}

function ticks({ from, to }: Axis): string {
  const marks = Array.from({ length: TICKS }, (_, index) => index / TICKS);
  return `<div class="ticks" aria-hidden="true">${marks
    .map((share) => `<span style="left:${share * 100}%">${duration((to - from) * share)}</span>`)
    .join('')}</div>`;
}

function laneOf(lane: string, spans: readonly Span[], { from, to }: Axis): string {
  const bars = spans
    .filter((span) => span.lane === lane)
    .map((span) => {
      const left = ((span.from - from) / (to - from)) * 100;
      const width = ((span.to - span.from) / (to - from)) * 100;
      return `<span class="bar ${span.outcome}" style="left:${left.toFixed(3)}%;width:${width.toFixed(3)}%" title="${text(describe(span))}">${text(span.name)}</span>`;
    });
  return `<div class="lane" aria-hidden="true">${bars.join('')}<span class="label">${text(lane)}</span></div>`;
}

function describe({ name, from, to, outcome, words }: Span): string {
  return `${name}: ${OUTCOMES[outcome]}, ${duration(to - from)}${words === '' ? '' : `; ${words}`}`;
}

const OUTCOMES = { good: 'succeeded', bad: 'failed', skipped: 'not run' } as const;

function chartOf(chart: Chart, axis: Axis): string {
  const key = chart.series.map(
    ({ name, style }) =>
      `<svg viewBox="0 0 16 6" aria-hidden="true"><line class="line ${style}" x1="0" y1="3" x2="16" y2="3"/></svg>${text(name)}`,
  );
  const top = Math.round(topOf(chart) * 10) / 10;
  return `<div><span class="chart-head">${text(chart.name)}, 0 to ${top} ${chart.unit}<span class="key">${key.join('')}</span></span>${drawing(chart, axis)}</div>`;
}

/** Failures and latency of each place: as a whole, and during each span of a release. */
function trafficTable({ traffic, spans, from, to }: Timeline): string {
  const rows = traffic
    .filter(({ buckets }) => buckets.length > 0)
    .flatMap(({ name, buckets }) => [
      figuresOf(buckets, { name, from: 0, to: Infinity }),
      ...spans
        .map((span) =>
          figuresOf(buckets, { name: `${name}, ${span.lane}: ${span.name}`, from: span.from, to: span.to }),
        )
        .filter((figures) => failures(figures) > 0),
    ]);
  if (rows.length === 0) return '<p>No requests were sent: begin with <code>--load</code> to send some.</p>';
  const cells = rows.map((figures) => {
    const kinds = Object.entries(figures.failed).map(([kind, count]) => `${kind}: ${count}`);
    const numbers = [figures.requests, failures(figures), figures.p50, figures.p99, figures.worst];
    return `<tr><th scope="row">${text(figures.name)}</th>${numbers.map((value) => `<td class="number">${value}</td>`).join('')}<td>${text(kinds.join(', '))}</td></tr>`;
  });
  const heads = ['Requests', 'Failed', 'p50 ms', 'p99 ms', 'Worst ms'].map(
    (head) => `<th scope="col" class="number">${head}</th>`,
  );
  return table(
    `Requests over ${duration(to - from)}, and every stretch with a failure`,
    `<th scope="col">Where</th>${heads.join('')}<th scope="col">Failures</th>`,
    cells,
  );
}

function spansTable(spans: readonly Span[], from: number): string {
  const rows = spans.map((span) => {
    const begin = duration(span.from - from);
    return `<tr><td>${text(span.lane)}</td><th scope="row">${text(span.name)}</th><td class="number">${begin}</td><td class="number">${duration(span.to - span.from)}</td><td>${OUTCOMES[span.outcome]}</td><td>${text(span.words)}</td></tr>`;
  });
  const heads = ['Where', 'What', 'Began after', 'Took', 'Ended', 'Note'].map(
    (head) => `<th scope="col"${NUMBERS.includes(head) ? ' class="number"' : ''}>${head}</th>`,
  );
  const words = table('Everything that the drawing shows, in its order', heads.join(''), rows);
  return `<h2>In words</h2>${words}`;
}

const NUMBERS = ['Began after', 'Took'];

/** A table that scrolls by itself where the screen is narrower, by the keyboard too. */
function table(caption: string, heads: string, rows: readonly string[]): string {
  return (
    `<div class="table" tabindex="0" role="region" aria-label="${text(caption)}"><table><caption>${text(caption)}</caption>` +
    `<thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  );
}

function duration(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

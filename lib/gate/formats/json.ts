import type { Report } from '../report/model';
import type { Pieces } from './pieces';

/** The report itself: each item of its lists on a line of its own, so that two reports are compared line by line. */
export function* renderJson(report: Report): Pieces {
  let before = '{\n';
  for (const [key, value] of Object.entries(report)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(key)}: `;
    if (Array.isArray(value)) yield* list(value);
    else yield JSON.stringify(value, undefined, 1);
    before = ',\n';
  }
  yield '\n}\n';
}

function* list(items: readonly unknown[]): Pieces {
  let before = '[\n';
  for (const item of items) {
    yield `${before}${JSON.stringify(item)}`;
    before = ',\n';
  }
  yield items.length === 0 ? '[]' : '\n]';
}

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

/** A text a piece at a time: a form of a large report is never in memory as a whole. */
export type Pieces = Iterable<string>;

/** Characters that are gathered before they are written. */
const GATHERED = 1 << 18;

/** Items of a list in a JSON document that are made only when it is their turn. */
export class Rows {
  constructor(
    /** The items. */
    readonly items: Iterable<object>,
  ) {}
}

/** A value as JSON without white space, as `JSON.stringify` gives it. */
export function* jsonPieces(value: unknown): Pieces {
  if (value instanceof Rows || Array.isArray(value)) {
    const items: Iterable<unknown> = value instanceof Rows ? value.items : value;
    let before = '[';
    for (const item of items) {
      // A row holds no rows.
      if (value instanceof Rows) yield before + JSON.stringify(item);
      else {
        yield before;
        yield* jsonPieces(item);
      }
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else if (typeof value === 'object' && value !== null) {
    let before = '{';
    for (const [key, held] of Object.entries(value as Readonly<Record<string, unknown>>)) {
      if (held === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonPieces(held);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value);
}

/** Writes a file a piece at a time. @returns SHA-256 of its bytes, in hexadecimal digits */
export function writePieces(file: string, pieces: Pieces): string {
  const hash = createHash('sha256');
  const descriptor = fs.openSync(file, 'w');
  try {
    let gathered = '';
    const flush = (): void => {
      const bytes = Buffer.from(gathered);
      hash.update(bytes);
      fs.writeFileSync(descriptor, bytes);
      gathered = '';
    };
    for (const piece of pieces) {
      gathered += piece;
      if (gathered.length >= GATHERED) flush();
    }
    flush();
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest('hex');
}

import type { Node, ParseResult } from '@pgsql/types';
import { loadModule, parseSync, SqlError } from 'libpg-query';
import type { Kind } from './nodes';

/** A place in a file, both from 1; the column counts characters. */
export interface Place {
  /** Line. */
  readonly line: number;
  /** Character in the line. */
  readonly column: number;
}

/** One statement as PostgreSQL's own grammar reads it. */
export interface ParsedStatement extends Place {
  /** Its kind. */
  readonly kind: Kind;
  /** The wrapped node. */
  readonly node: Node;
  /** The text, without the semicolon and the comments above it. */
  readonly sql: string;
  /** Comment lines directly above it, with the line that each stands on. */
  readonly above: readonly CommentLine[];
}

/** A comment of the form `-- ...`. */
export interface CommentLine {
  /** Line in the file, from 1. */
  readonly line: number;
  /** What stands behind the dashes. */
  readonly text: string;
}

/** A file as the grammar reads it. */
export interface ParsedText {
  /** The statements, in order; empty when the grammar refuses the file. */
  readonly statements: readonly ParsedStatement[];
  /** Comment lines below the last statement. */
  readonly below: readonly CommentLine[];
  /** What the grammar refuses, and where. */
  readonly refused?: Place & { readonly message: string };
  /** The place of a byte that the grammar counted from the file's begin. */
  readonly placeOf: (byte: number) => Place;
}

/** Loads the grammar, a WebAssembly module; needed once before {@link parseSql}. */
export const loadGrammar = loadModule;

/** Cuts a text into statements. The grammar counts bytes, the result characters. */
export function parseSql(text: string): ParsedText {
  const bytes = Buffer.from(text, 'utf8');
  const placeOf = (byte: number): Place => placeIn(bytes.subarray(0, byte).toString('utf8'));
  let parsed: ParseResult;
  try {
    parsed = parseSync(text) as ParseResult;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    // The parser's own position counts characters here, not bytes.
    const place = placeIn(text.slice(0, error.sqlDetails?.cursorPosition ?? 0));
    return { statements: [], below: [], refused: { ...place, message: error.message }, placeOf };
  }
  let end = 0;
  const statements = (parsed.stmts ?? []).flatMap(
    ({ stmt, stmt_location = 0, stmt_len }): ParsedStatement[] => {
      if (!stmt) return [];
      const stop = stmt_len ? stmt_location + stmt_len : bytes.length;
      const before = bytes.subarray(0, stmt_location).toString('utf8');
      const raw = bytes.subarray(stmt_location, stop).toString('utf8');
      end = stop;
      const lead = leadOf(raw);
      return [
        {
          kind: Object.keys(stmt)[0] as Kind,
          node: stmt,
          sql: raw.slice(lead).trimEnd(),
          above: commentLines(raw.slice(0, lead), placeIn(before).line),
          ...placeIn(before + raw.slice(0, lead)),
        },
      ];
    },
  );
  const rest = bytes.subarray(0, end).toString('utf8');
  return { statements, below: commentLines(text.slice(rest.length), placeIn(rest).line), placeOf };
}

function placeIn(before: string): Place {
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** How many characters of white space and comments a text begins with; block comments nest in PostgreSQL. */
function leadOf(text: string): number {
  let at = 0;
  for (;;) {
    if (/\s/.test(text[at] ?? '')) at += 1;
    else if (text.startsWith('--', at))
      at = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    else if (text.startsWith('/*', at)) at = afterBlock(text, at);
    else return at;
  }
}

function afterBlock(text: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const open = text.startsWith('/*', at);
    const close = text.startsWith('*/', at);
    depth += open ? 1 : close ? -1 : 0;
    at += open || close ? 2 : 1;
  } while (depth > 0 && at < text.length);
  return at;
}

function commentLines(trivia: string, firstLine: number): CommentLine[] {
  return trivia.split('\n').flatMap((line, index) => {
    const text = /^\s*--\s?(.*)$/.exec(line)?.[1];
    return text === undefined ? [] : [{ line: firstLine + index, text }];
  });
}

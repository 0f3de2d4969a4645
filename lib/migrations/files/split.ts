import type { Node, ParseResult } from '@pgsql/types';
import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { FileProblem } from './problems';

/** A statement of a script and its syntax tree. */
export interface ParsedStatement {
  /** The text, without comments before it and without the semicolon. */
  readonly sql: string;
  /** Line that it begins on, from 1. */
  readonly line: number;
  /** Its kind in the grammar's words, such as `AlterTableStmt`. */
  readonly kind: string;
  /** Its tree, as PostgreSQL 17's grammar makes it. */
  readonly node: Node;
}

/** The statements of a text, or why there are none. */
export type Split =
  | { readonly statements: readonly ParsedStatement[] }
  | { readonly statements: readonly []; readonly problem: FileProblem };

const NEWLINE = 0x0a;

/** Cuts a script into its statements by PostgreSQL's own grammar. */
export async function split(text: string): Promise<Split> {
  await loadModule();
  // The parser calls an empty text an error, but not one of comments only.
  if (text.trim() === '') return { statements: [] };
  let tree: ParseResult;
  try {
    tree = parseSync(text) as ParseResult;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { statements: [], problem: syntaxProblem(text, error) };
  }
  const bytes = Buffer.from(text, 'utf8');
  const statements: ParsedStatement[] = [];
  let counted = 0;
  let line = 1;
  for (const { stmt, stmt_location: start = 0, stmt_len: length = 0 } of tree.stmts ?? []) {
    const kind = stmt === undefined ? undefined : Object.keys(stmt)[0];
    if (stmt === undefined || kind === undefined) continue;
    const piece = bytes.subarray(start, length === 0 ? undefined : start + length).toString('utf8');
    const lead = leadOf(piece);
    const first = start + Buffer.byteLength(piece.slice(0, lead), 'utf8');
    for (; counted < first; counted++) if (bytes[counted] === NEWLINE) line++;
    statements.push({ sql: piece.slice(lead).trimEnd(), line, kind, node: stmt });
  }
  return { statements };
}

/** Length of the blanks and comments before the statement itself. Comments of SQL nest. */
function leadOf(piece: string): number {
  let at = 0;
  for (;;) {
    while (/\s/.test(piece.charAt(at))) at++;
    if (piece.startsWith('--', at)) {
      const end = piece.indexOf('\n', at);
      at = end < 0 ? piece.length : end + 1;
    } else if (piece.startsWith('/*', at)) at = endOfComment(piece, at);
    else return at;
  }
}

function endOfComment(piece: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    if (piece.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (piece.startsWith('*/', at)) {
      depth--;
      at += 2;
    } else at++;
  } while (depth > 0 && at < piece.length);
  return at;
}

function syntaxProblem(text: string, error: Error): FileProblem {
  // The position counts characters, not bytes and not the units of JavaScript's strings.
  const position = hasSqlDetails(error) ? error.sqlDetails.cursorPosition : 0;
  const line =
    Array.from(text)
      .slice(0, position)
      .filter((character) => character === '\n').length + 1;
  return {
    code: 'syntax-error',
    message: `PostgreSQL's grammar refuses it: ${error.message}.`,
    mend: 'Correct the statement; commands of psql such as \\set are not SQL.',
    line,
  };
}

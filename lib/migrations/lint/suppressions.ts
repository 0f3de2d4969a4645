import type { CommentLine, ParsedText } from './sql/statements';

/** A `lint-ignore` comment. */
export interface Suppression {
  /** Line in the file, from 1. */
  readonly line: number;
  /** Rule that it answers for. */
  readonly rule: string;
  /** Who answers; empty when it does not say. */
  readonly owner: string;
  /** Why; empty when it does not say. */
  readonly reason: string;
  /** Number of the statement below it, from 0; absent below the last one. */
  readonly statement?: number;
}

/** Every `-- lint-ignore: rule owner=... reason="..."` of a file. */
export function suppressionsOf({ statements, below }: ParsedText): Suppression[] {
  return [
    ...statements.flatMap(({ above }, statement) => above.flatMap((line) => suppressionIn(line, statement))),
    ...below.flatMap((line) => suppressionIn(line)),
  ];
}

function suppressionIn({ line, text }: CommentLine, statement?: number): Suppression[] {
  const [, rule = '', rest = ''] = /^lint-ignore:\s*(\S*)(.*)$/.exec(text) ?? [];
  if (rule === '') return text.startsWith('lint-ignore') ? [{ line, rule, owner: '', reason: '' }] : [];
  const owner = /\bowner=(\S+)/.exec(rest)?.[1] ?? '';
  const reason = /\breason="([^"]*)"/.exec(rest)?.[1]?.trim() ?? '';
  return [{ line, rule, owner, reason, ...(statement === undefined ? {} : { statement }) }];
}

import type { LintStatement } from './rule';

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
  /** The statement below it; absent below the last one. */
  readonly statement?: LintStatement;
}

/** Every `-- lint-ignore: rule owner=... reason="..."` of a file that stands between its statements. */
export function suppressionsOf(text: string, statements: readonly LintStatement[]): Suppression[] {
  return text.split('\n').flatMap((content, index) => {
    const line = index + 1;
    const [, rule = '', rest = ''] = /^\s*--\s*lint-ignore\b:?\s*(\S*)(.*)$/.exec(content) ?? [];
    if (!/^\s*--\s*lint-ignore\b/.test(content) || statements.some((each) => covers(each, line))) return [];
    const statement = statements.find((each) => each.line > line);
    return [
      {
        line,
        rule,
        owner: /\bowner=(\S+)/.exec(rest)?.[1] ?? '',
        reason: /\breason="([^"]*)"/.exec(rest)?.[1]?.trim() ?? '',
        ...(statement ? { statement } : {}),
      },
    ];
  });
}

/** What looks like a comment inside a function's body is not one of the file. */
function covers({ line, sql }: LintStatement, asked: number): boolean {
  return line <= asked && asked < line + sql.split('\n').length;
}

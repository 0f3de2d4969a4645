import type { Finding, LintReport } from './report';

/** The report for people: each finding as `file:line:column`, the statement, why, and how to mend it. */
export function toText({ findings, suppressed, files, counts }: LintReport): string {
  const ignored = suppressed.map(
    ({ file, line, rule, owner, reason }) => `${file}:${line} ${rule} is answered for by ${owner}: ${reason}`,
  );
  const sum = `${plural(files, 'file')}: ${plural(counts.error, 'error')}, ${plural(counts.warning, 'warning')}, ${counts.info} info, ${suppressed.length} suppressed.`;
  return [...findings.map(paragraph), ...(ignored.length > 0 ? [ignored.join('\n')] : []), sum].join('\n\n');
}

function paragraph({
  file,
  line,
  column,
  severity,
  rule,
  message,
  statement,
  why,
  mend,
  page,
}: Finding): string {
  return [
    `${file}:${line}:${column} ${severity} ${rule}`,
    ...(statement === '' ? [] : [`  | ${statement}`]),
    `  ${message}`,
    `  Why: ${why}`,
    `  Mend: ${mend}`,
    `  See ${page}`,
  ].join('\n');
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

import type { FileProblem } from '../files/problems';
import type { Finding, LintReport, SuppressedFinding } from './report';
import type { Rule, Severity, Subject } from './rule';
import { FILE, FILE_RULES, RULES, SUPPRESSION_UNEXPLAINED, SUPPRESSION_UNUSED } from './rules';
import { type ParsedFile, readFiles, type SourceFile } from './scripts';
import { type Suppression, suppressionsOf } from './suppressions';

/** Estimated size of each table, by `schema.table`. */
export type Statistics = Readonly<Record<string, { readonly rows: number; readonly bytes: number }>>;

/** Tables with fewer rows are read and written whole in some ten milliseconds, so a finding about them is a warning. */
const SMALL_TABLE_ROWS = 10_000;

const DIRECTIONS: NonNullable<Rule['directions']> = ['up', 'down', 'repeatable'];

type Place = Pick<Finding, 'line' | 'column'>;

/** What was found in one file. */
interface Judgement {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/** Lints files of one folder. `prefix` goes before each name in the report. */
export async function lintFiles(
  files: readonly SourceFile[],
  statistics: Statistics = {},
  prefix = '',
): Promise<LintReport> {
  const judged = (await readFiles(files)).map((file) => judge(file, statistics, prefix));
  const findings = judged.flatMap((each) => each.findings);
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  const counts = { error: count('error'), warning: count('warning'), info: count('info') };
  return {
    schemaVersion: 1,
    action: 'lint',
    outcome: counts.error > 0 ? 'refused' : 'done',
    files: files.length,
    counts,
    findings,
    suppressed: judged.flatMap((each) => each.suppressed),
  };
}

/** Where a rule's page is, from the root of the repository. */
export function pageOf(rule: string): string {
  return `docs/migrations/rules/${rule}.md`;
}

function judge(
  { script, partner, text, problems }: ParsedFile,
  statistics: Statistics,
  prefix: string,
): Judgement {
  const finding = (rule: Rule, place: Place, message: string, statement = ''): Finding => ({
    rule: rule.id,
    severity: rule.severity,
    file: `${prefix}${script.file}`,
    line: place.line,
    column: place.column,
    statement: statement.split('\n')[0] ?? '',
    message,
    why: rule.why,
    mend: rule.mend,
    page: pageOf(rule.id),
  });
  const refused = ({ code, message, mend, line = 1 }: FileProblem): Finding => {
    const at = script.statements.find((statement) => statement.line === line);
    const rule = FILE_RULES.find(({ id }) => id === code) ?? FILE;
    return { ...finding(rule, at ?? { line, column: 1 }, message, at?.sql), mend };
  };
  const subject: Subject = {
    script,
    ...(partner ? { partner } : {}),
    severityFor: (table) =>
      (statistics[table]?.rows ?? Infinity) < SMALL_TABLE_ROWS ? 'warning' : undefined,
  };
  const suppressions = suppressionsOf(text, script.statements);
  const used = new Set<Suppression>();
  const findings: Finding[] = problems.map(refused);
  const suppressed: SuppressedFinding[] = [];
  for (const rule of RULES) {
    if (!(rule.directions ?? DIRECTIONS).includes(script.direction)) continue;
    for (const { at, message, severity } of rule.check(subject)) {
      const found = finding(rule, at ?? { line: 1, column: 1 }, message, at?.sql);
      // What concerns the whole file is answered for above its first statement.
      const statement = at ?? script.statements[0];
      const answer = suppressions.find((each) => each.rule === rule.id && each.statement === statement);
      if (answer) suppressed.push({ ...found, owner: answer.owner, reason: answer.reason });
      else findings.push({ ...found, severity: lower(rule.severity, severity) });
      if (answer) used.add(answer);
    }
  }
  for (const each of suppressions) {
    const place = { line: each.line, column: 1 };
    if (each.owner === '' || each.reason === '')
      findings.push(
        finding(SUPPRESSION_UNEXPLAINED, place, `lint-ignore of "${each.rule}" has ${missing(each)}.`),
      );
    if (!used.has(each))
      findings.push(
        finding(SUPPRESSION_UNUSED, place, `"${each.rule}" finds nothing in the statement below.`),
      );
  }
  return { findings: findings.sort(byPlace), suppressed: suppressed.sort(byPlace) };
}

const WEIGHT: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** The rule's severity, unless this finding matters less. */
function lower(rule: Severity, here: Severity | undefined): Severity {
  return here && WEIGHT[here] < WEIGHT[rule] ? here : rule;
}

function missing({ owner, reason }: Suppression): string {
  return [...(owner === '' ? ['no owner'] : []), ...(reason === '' ? ['no reason'] : [])].join(' and ');
}

function byPlace(one: Finding, other: Finding): number {
  return one.line - other.line || one.column - other.column || (one.rule < other.rule ? -1 : 1);
}

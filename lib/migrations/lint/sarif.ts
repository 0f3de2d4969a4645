import { sarifLog, sarifPlace, sarifSuppression } from '../../shared/sarif';
import type { Finding, LintReport, SuppressedFinding } from './report';
import type { Severity } from './rule';
import { ALL_RULES } from './rules';
import { pageOf } from './lint';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** The report as SARIF 2.1.0, with paths relative to the repository. Source: docs.oasis-open.org/sarif/sarif/v2.1.0. */
export function toSarif({ findings, suppressed }: LintReport): string {
  const driver = {
    name: 'telehealth-migrations-lint',
    rules: ALL_RULES.map(({ id, title, severity, why, mend }) => ({
      id,
      shortDescription: { text: title },
      fullDescription: { text: why },
      help: { text: `${mend} See ${pageOf(id)}.` },
      defaultConfiguration: { level: LEVEL[severity] },
    })),
  };
  const results = [
    ...findings.map(resultOf),
    ...suppressed.map((each) => ({ ...resultOf(each), suppressions: [suppressionOf(each)] })),
  ];
  return `${JSON.stringify(sarifLog({ driver, results }), null, 2)}\n`;
}

function resultOf({ rule, severity, file, line, column, statement, message, mend }: Finding): object {
  return {
    ruleId: rule,
    ruleIndex: ALL_RULES.findIndex(({ id }) => id === rule),
    level: LEVEL[severity],
    message: { text: `${message} ${mend}` },
    locations: [
      {
        physicalLocation: sarifPlace(file, {
          startLine: line,
          startColumn: column,
          ...(statement === '' ? {} : { snippet: { text: statement } }),
        }),
      },
    ],
  };
}

function suppressionOf({ owner, reason }: SuppressedFinding): object {
  return sarifSuppression(`${owner}: ${reason}`);
}

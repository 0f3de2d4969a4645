import type { Report, Status } from '../report/model';
import { STATUSES } from '../report/model';
import { many } from '../report/words';

const SAID: Readonly<Record<Report['verdict'], string>> = {
  pass: 'PASS',
  'pass-with-exceptions': 'PASS WITH EXCEPTIONS',
  fail: 'FAIL',
};

/** Each item counts as what weighs most among its environments. */
const WEIGHT: readonly Status[] = [
  'not-met',
  'manual-evidence-due',
  'not-assessed',
  'met-with-exception',
  'met',
  'inherited',
];

/** How many items of the catalogue have which status, each by its worst environment. */
export function statusCounts({ controls }: Report): Readonly<Record<Status, number>> {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  for (const { statuses } of controls) {
    const held = new Set(Object.values(statuses).map(({ status }) => status));
    const worst = WEIGHT.find((status) => held.has(status));
    if (worst) counts[worst] += 1;
  }
  return counts;
}

/** The verdict in one line, with whatever asks for somebody. */
export function verdictLine(report: Report): string {
  const counts = statusCounts(report);
  const open = report.findings.filter(({ state }) => state !== 'accepted').length;
  const expiring = report.exceptions.filter(({ state }) => state === 'expiring');
  const overdue = report.manual.filter((item) => item.overdue).length;
  const parts = [
    many(report.environments.length, 'environment'),
    `${report.controls.length} items of 45 CFR 164.308-316: ${STATUSES.filter((status) => counts[status] > 0)
      .map((status) => `${counts[status]} ${status.replaceAll('-', ' ')}`)
      .join(', ')}`,
    many(open, 'open finding'),
    `${many(report.exceptions.length, 'exception')}${expiring.length > 0 ? `, ${expiring.length} of them until ${expiring.at(-1)?.expires ?? ''}` : ''}`,
    ...(overdue > 0 ? [`${many(overdue, 'record')} of people overdue`] : []),
  ];
  return `HIPAA evidence: ${SAID[report.verdict]}; ${parts.join('; ')}.`;
}

import type { Finding, GuardReport } from './model';

const KINDS: Readonly<Record<Finding['kind'], string>> = {
  traffic: 'Way of the traffic',
  data: 'Data',
  iam: 'Permissions',
  network: 'Network',
};

/** The report in the words that an approver needs. */
export function guardText(report: GuardReport): string {
  const { stack, changes, findings, badWaivers, passed, unjudged } = report;
  if (unjudged !== undefined) return `${stack}: ${unjudged}`;
  if (changes.length === 0) return `${stack}: nothing changes.`;
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  const replaced = changes.filter(
    ({ action, replacement }) => action === 'Modify' && replacement !== 'False',
  );
  const lines = [
    `${stack}: ${count('Add')} new, ${count('Modify')} changed (${replaced.length} made anew), ${count('Remove')} removed.`,
    ...changes.map(({ action, type, path, replacement, properties }) => {
      const what = properties.length === 0 ? '' : `: ${properties.join(', ')}`;
      const anew =
        replacement === 'False' ? '' : replacement === 'True' ? ' made anew' : ' perhaps made anew';
      return `  ${action.toLowerCase().padEnd(7)}${type} ${path}${action === 'Modify' ? anew : ''}${what}`;
    }),
    ...Object.entries(KINDS).flatMap(([kind, title]) =>
      section(
        title,
        findings.filter((one) => one.kind === kind),
      ),
    ),
    ...badWaivers.map(({ id, words }) => `${id}: ${words}`),
    passed
      ? findings.length === 0
        ? 'Nothing of it needs leave.'
        : 'Everything that needs leave has it.'
      : `Refused: ${findings.filter(({ waiver }) => !waiver).length} changes need leave and have none.`,
  ];
  return lines.join('\n');
}

function section(title: string, findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  return [
    `${title}:`,
    ...findings.flatMap(({ path, type, words, change, waiver, notAllowed }) => [
      `  ${path} (${type})`,
      `    ${words}`,
      waiver
        ? `    allowed: ${waiver.reason} (${waiver.ticket}, ${waiver.owner}, approved by ${waiver.approvedBy}, until ${waiver.expires})`
        : `    not allowed: ${notAllowed ?? `there is no waiver of "${change}" beside it`}`,
    ]),
  ];
}

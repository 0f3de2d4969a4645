import type { Report } from '../../lib/gate/report/model';

type Resource = Report['resources'][number];

/** The resources that somebody means by a construct path, a logical id, or the end of a path. */
export function resourcesMeant(report: Report, asked: string): Resource[] {
  const exact = report.resources.filter(({ path, logicalId }) => path === asked || logicalId === asked);
  if (exact.length > 0) return exact;
  return report.resources.filter(
    ({ path }) =>
      path.startsWith(`${asked}/`) || path.endsWith(`/${asked}`) || path.endsWith(`/${asked}/Resource`),
  );
}

/** What the gate says of one resource, and why. */
export function whyText(report: Report, resource: Resource): string {
  const results = report.results.filter((one) => one.resource === resource.path);
  const findings = report.findings.filter((one) => one.resource === resource.path);
  const holding = results.filter(({ result }) => result === 'compliant').map(({ rule }) => rule);
  const { source, path, type, environment, stack, logicalId } = resource;
  return [
    `${path}  ${type}`,
    `  ${environment}, stack ${stack}, ${logicalId}${source ? `, made at ${source.file}:${source.line}` : ''}`,
    `  holds: ${holding.length > 0 ? holding.join(', ') : 'no rule looks at it'}`,
    ...findings.flatMap(({ rule, part, state, detail, exception: id }) => {
      const exception = report.exceptions.find((one) => one.id === id);
      return [
        `  ${state}: ${rule}${part === undefined ? '' : `[${part}]`}`,
        exception
          ? `    until ${exception.expires}, ${exception.ticket}, ${exception.owner}: ${exception.reason}`
          : `    ${detail}`,
      ];
    }),
  ].join('\n');
}

import { fullRule } from '../../lib/gate/ledger';
import type { Report } from '../../lib/gate/report/model';
import { nearLine } from './near';

type Resource = Report['resources'][number];

/**
 * The resources that somebody means by a construct path, a logical id, the end of a path, or the name of a stack as
 * `cdk ls` has it.
 */
export function resourcesMeant(report: Report, asked: string): Resource[] {
  const exact = report.resources.filter(({ path, logicalId }) => path === asked || logicalId === asked);
  if (exact.length > 0) return exact;
  const within = report.resources.filter(
    ({ path }) =>
      path.startsWith(`${asked}/`) || path.endsWith(`/${asked}`) || path.endsWith(`/${asked}/Resource`),
  );
  return within.length > 0 ? within : report.resources.filter(({ stack }) => isNamed(stack, asked));
}

/** A stack's name is what the stages that it is in are called and its own id: `Staging-Data` for `Pipeline/Staging/Data`. */
function isNamed(stack: string, asked: string): boolean {
  const name = stack.replaceAll('/', '-');
  return asked.includes('-') && (name === asked || name.endsWith(`-${asked}`));
}

/** Why nothing is meant, with what may be: names that are near, or examples from this report. */
export function noResource(report: Report, asked: string): readonly string[] {
  const nested = report.resources.find(({ stack }) => stack.includes('/')) ?? report.resources[0];
  const examples = nested
    ? `, such as ${nested.path}, ${nested.logicalId} or ${nested.stack.split('/').slice(-2).join('-')}`
    : '';
  return [
    `There is no resource "${asked}", expected a construct path or its end, a logical id, or a stack's name of the last synth${examples}.`,
    ...nearLine(
      report.resources.map(({ path }) => path),
      asked,
    ),
    'To see the stacks: npx cdk ls. What was added since the last synth is known after the next: npx cdk synth.',
  ];
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
        `  ${state}: ${fullRule({ rule, finding: part })}`,
        exception
          ? `    until ${exception.expires}, ${exception.ticket}, ${exception.owner}: ${exception.reason}`
          : `    ${detail}`,
      ];
    }),
  ].join('\n');
}

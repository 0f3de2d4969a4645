import { missingIn } from '../completeness';
import { fullRule } from '../ledger';
import type { Finding, Report } from '../report/model';
import { verdictIn, worstOf } from '../report/verdict';

const at = ({ rule, resource }: { readonly rule: string; readonly resource: string }): string =>
  `${rule} at ${resource}`;

/** Verdicts that are no findings, though they say that a rule does not hold. */
function hiddenFindings({ results, findings }: Report): string[] {
  const told = new Set(findings.map(at));
  return results
    .filter((one) => one.result !== 'compliant' && !told.has(at(one)))
    .map((one) => `The evidence lists ${at(one)} as ${one.result}, and no finding of it: it was changed.`);
}

/** Findings that are said to be accepted, by no exception that covers them. */
function uncovered({ findings, exceptions }: Report): string[] {
  const byId = new Map(exceptions.map((exception) => [exception.id, exception]));
  const isCovered = ({ exception = '', rule, part, resource, environment }: Finding): boolean => {
    const by = byId.get(exception);
    return (
      by?.environment === environment &&
      by.rule === fullRule({ rule, finding: part }) &&
      by.covers.includes(resource)
    );
  };
  return findings
    .filter((finding) => finding.state === 'accepted' && !isCovered(finding))
    .map((finding) => `A finding is accepted by no exception that covers it: ${at(finding)}.`);
}

/** Verdicts that say better than what they are made from. */
function unfounded(report: Report): string[] {
  const computed = report.environments.map(({ name, verdict }) => ({
    ...{ name, verdict, comesTo: verdictIn(name, report) },
  }));
  const whole = worstOf(computed.map(({ comesTo }) => comesTo));
  return [
    ...computed,
    // What is overdue fails the whole where that is configured; no report says whether it is.
    ...(report.verdict === 'fail' ? [] : [{ name: 'the whole', verdict: report.verdict, comesTo: whole }]),
  ]
    .filter(({ verdict, comesTo }) => verdict !== comesTo)
    .map(
      ({ name, verdict, comesTo }) =>
        `The verdict of ${name} says ${verdict}, and its findings, exceptions and statuses come to ${comesTo}.`,
    );
}

/**
 * Where a report leaves something out or contradicts itself: a rule that did not judge, a verdict without its finding, an
 * accepted finding without its exception, a verdict that its findings do not come to.
 * @returns a sentence for each
 */
export function unsoundnessOf(report: Report): readonly string[] {
  const { rules, results, resources } = report;
  return [
    ...missingIn({ rules, verdicts: results, resources: resources.length }).map(
      (words) => `The evidence ${words}`,
    ),
    ...hiddenFindings(report),
    ...uncovered(report),
    ...unfounded(report),
  ];
}

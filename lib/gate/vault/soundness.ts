import { isOwnApproval } from '../../release/guard/model';
import { aYearAfter } from '../../shared/days';
import { canonical } from '../chain/canonical';
import { missingIn } from '../completeness';
import { fullRule } from '../ledger';
import type { Control, Finding, Report } from '../report/model';
import { limitsOf } from '../report/limits';
import { controlsOf } from '../report/statuses';
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

/** Records of people that are late, and are not said to be. */
function hiddenDelays({ manual, judgedOn }: Report): string[] {
  return manual
    .filter(({ due, overdue }) => overdue !== due < judgedOn)
    .map(
      ({ id, due, overdue }) =>
        `The evidence says that ${id}, due on ${due}, is ${overdue ? '' : 'not '}overdue on ${judgedOn}.`,
    );
}

/** Controls that say something else than the verdicts, findings, records and checks that the report holds come to. */
function misstated(report: Report): string[] {
  const environmentOf = new Map(report.resources.map(({ path, environment }) => [path, environment]));
  const computed = controlsOf({
    environments: report.environments.map(({ name }) => name),
    rules: report.rules,
    holding: report.results
      .filter(({ result }) => result === 'compliant')
      .map(({ rule, resource }) => ({ rule, environment: environmentOf.get(resource) ?? 'no environment' })),
    findings: report.findings,
    manual: report.manual,
    checks: new Map(report.checks.map(({ id, result }) => [id, result])),
  });
  const said = new Map(report.controls.map((control) => [control.citation, control]));
  const known = new Set(computed.map(({ citation }) => citation));
  return [
    ...computed.flatMap((control) => {
      const one = said.get(control.citation);
      if (one === undefined) return [`The evidence leaves out ${control.citation} of the catalogue.`];
      return canonical(one) === canonical(control) ? [] : misstatements(one, control);
    }),
    ...report.controls
      .filter(({ citation }) => !known.has(citation))
      .map(({ citation }) => `The evidence speaks of ${citation}, which is not in the catalogue.`),
  ];
}

function misstatements(said: Control, computed: Control): string[] {
  const names = [...new Set([...Object.keys(said.statuses), ...Object.keys(computed.statuses)])];
  const differing = names.filter(
    (name) => canonical(said.statuses[name] ?? null) !== canonical(computed.statuses[name] ?? null),
  );
  if (differing.length === 0)
    return [`The evidence says other words of ${computed.citation} than the catalogue.`];
  return differing.map((name) => {
    const [is, was] = [
      computed.statuses[name]?.status ?? 'nothing',
      said.statuses[name]?.status ?? 'nothing',
    ];
    return is === was
      ? `The evidence gives other causes for ${computed.citation} in ${name} than what it holds.`
      : `The evidence says ${was} of ${computed.citation} in ${name}, and what it holds comes to ${is}.`;
  });
}

/** Exceptions of a form that no synth accepts: for longer than a year, or approved by who answers for them. */
function unfitExceptions({ exceptions, judgedOn }: Report): string[] {
  const last = aYearAfter(judgedOn);
  return exceptions
    .filter(({ expires, owner, approvedBy }) => expires > last || isOwnApproval({ owner, approvedBy }))
    .map(
      ({ rule, path, expires, owner, approvedBy }) =>
        `No synth accepts the exception from ${rule} at ${path}: until ${expires}, of ${owner}, approved by ${approvedBy}.`,
    );
}

/** What the report says that it does not prove, where that is not what it has to say. */
function hiddenLimits({ limits, phi }: Report): string[] {
  return canonical(limits) === canonical(limitsOf(phi))
    ? []
    : ['The evidence says other words of what it does not prove than this version of the gate.'];
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
 * accepted finding without its exception, a status or verdict that what it holds does not come to.
 * @returns a sentence for each
 */
export function unsoundnessOf(report: Report): readonly string[] {
  const { rules, results, resources } = report;
  const faults = [
    ...missingIn({ rules, verdicts: results, resources: resources.length }).map(
      (words) => `The evidence ${words}`,
    ),
    ...hiddenFindings(report),
    ...uncovered(report),
    ...hiddenDelays(report),
    ...unfitExceptions(report),
    ...hiddenLimits(report),
  ];
  // Statuses come to something else as soon as what they rest on is at fault, which is told already.
  return [...faults, ...(faults.length > 0 ? [] : misstated(report)), ...unfounded(report)];
}

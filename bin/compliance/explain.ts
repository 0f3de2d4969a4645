import type { Control, Report } from '../../lib/gate/report/model';
import { nearLine } from './near';

const said = (text: string): string => text.replaceAll('-', ' ');

function ofControl(control: Control, report: Report): string {
  const { citation, title, designation, responsibility, owner, cadence, evidence, rules, checks, source } =
    control;
  const records = report.manual.filter(({ controls }) => controls.includes(citation));
  const parts = report.controls.filter((one) => one.standard === citation && one.citation !== citation);
  return [
    `${citation}  ${title}`,
    `  ${designation === 'standard' ? 'a standard, held by its specifications' : designation}; ${responsibility}; ${owner}, ${cadence}`,
    `  ${evidence}`,
    ...Object.entries(control.statuses).map(
      ([environment, { status, because }]) => `  ${environment}: ${said(status)}. ${because}`,
    ),
    ...(parts.length > 0 ? [`  specifications: ${parts.map((one) => one.citation).join(', ')}`] : []),
    `  rules: ${rules.length > 0 ? rules.join(', ') : 'none'}`,
    `  checks by test: ${checks.length > 0 ? checks.join(', ') : 'none'}`,
    ...(records.length > 0
      ? [`  recorded by people: ${records.map(({ id, due }) => `${id}, due ${due}`).join('; ')}`]
      : []),
    `  source: ${source}`,
  ].join('\n');
}

function ofRule(rule: Report['rules'][number], report: Report): string {
  const { id, plugin, rationale, mend, controls, counts } = rule;
  const serves = report.controls.filter(({ rules }) => rules.includes(id));
  const findings = report.findings.filter((finding) => finding.rule === id);
  return [
    `${id}  (${plugin})`,
    `  ${rationale}`,
    ...(mend !== undefined ? [`  to mend: ${mend}`] : []),
    `  ${counts.compliant} compliant, ${counts['non-compliant']} not, ${counts.error} errors, ${counts['not-applicable']} not applicable`,
    ...findings.map(
      ({ resource, state, exception }) =>
        `  ${state}: ${resource}${exception === undefined ? '' : ` (${report.exceptions.find((one) => one.id === exception)?.ticket ?? exception})`}`,
    ),
    '  serves:',
    ...serves.map(
      ({ citation, title }) =>
        `    ${citation}  ${title}${controls.includes(citation) ? '' : ' (by this platform’s judgement)'}`,
    ),
  ].join('\n');
}

/** What the catalogue and the report say of a rule or a citation; undefined when there is neither. */
export function explain(report: Report, asked: string): string | undefined {
  const wanted = asked.replace(/^(45 CFR |§ ?)/, '').toLowerCase();
  const rule = report.rules.find(({ id }) => id.toLowerCase() === wanted.replace(/^hipaa\.security-/, ''));
  if (rule) return ofRule(rule, report);
  const controls = report.controls.filter(
    ({ citation }) => citation.toLowerCase() === wanted || citation.toLowerCase() === `164.${wanted}`,
  );
  return controls.length > 0 ? controls.map((control) => ofControl(control, report)).join('\n\n') : undefined;
}

/** Why nothing is explained, with the names that are near, and where all of them are. */
export function notExplained(report: Report, asked: string): readonly string[] {
  const names = [...report.rules.map(({ id }) => id), ...report.controls.map(({ citation }) => citation)];
  return [
    `There is no rule and no citation "${asked}", expected one such as S3BucketLoggingEnabled or 164.312(b).`,
    ...nearLine(names, asked),
    'All of them are told in docs/compliance/catalogue. To ask about a resource: npm run compliance -- why <resource>.',
  ];
}

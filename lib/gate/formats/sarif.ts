import { sarifLog, sarifPlace, type SarifRule, sarifSuppression } from '../../shared/sarif';
import { byText } from '../report/ids';
import type { Finding, Report } from '../report/model';

const TAXONOMY = 'HIPAA Security Rule';
/** Where a finding is shown whose resource no line of the sources made: the file that names the application. */
const APPLICATION = { file: 'cdk.json', line: 1 };

/**
 * The findings as SARIF 2.1.0, for code scanning: each at the line that made its resource, with an id that stays the same
 * from synth to synth. Accepted findings are suppressed in source, with what their exception says.
 */
export function renderSarif(report: Report): string {
  const ruleIndex = new Map(report.rules.map(({ id }, index) => [id, index]));
  const exceptions = new Map(report.exceptions.map((exception) => [exception.id, exception]));
  const place = placesOf(report);
  const results = report.findings.map((finding) => {
    const { id, rule, part, resource, environment, detail } = finding;
    const index = ruleIndex.get(rule);
    const exception = finding.exception === undefined ? undefined : exceptions.get(finding.exception);
    return {
      ruleId: rule,
      ...(index !== undefined && { ruleIndex: index }),
      level: 'error',
      message: { text: `${resource}${part === undefined ? '' : ` (${part})`}: ${detail}` },
      locations: [
        {
          physicalLocation: place(finding),
          logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }],
        },
      ],
      partialFingerprints: { 'finding/v1': id },
      ...(finding.state === 'accepted' && {
        suppressions: [
          sarifSuppression(
            exception === undefined
              ? 'Accepted in code.'
              : `${exception.owner}, approved by ${exception.approvedBy} until ${exception.expires}: ${exception.reason} Instead: ${exception.compensatingControl}`,
          ),
        ],
      }),
      properties: { environment, state: finding.state },
    };
  });
  const log = sarifLog({
    driver: {
      name: 'hipaa-gate',
      version: report.catalogueVersion,
      supportedTaxonomies: [{ name: TAXONOMY }],
      rules: report.rules.map(ruleOf),
    },
    automationDetails: { id: 'hipaa-gate/' },
    taxonomies: [
      {
        name: TAXONOMY,
        version: report.catalogueVersion,
        organization: 'U.S. Department of Health and Human Services',
        shortDescription: { text: '45 CFR 164.308 to 164.316' },
        taxa: report.controls.map(({ citation, title, evidence }) => ({
          id: citation,
          name: title,
          shortDescription: { text: title },
          fullDescription: { text: evidence },
        })),
      },
    ],
    results,
  });
  return `${JSON.stringify(log)}\n`;
}

function ruleOf({ id, plugin, controls, rationale, mend }: Report['rules'][number]): SarifRule {
  const serves = `Serves 45 CFR ${controls.join(', ')}.`;
  return {
    id,
    name: id.replaceAll(/[^A-Za-z0-9]/g, ''),
    shortDescription: { text: rationale },
    fullDescription: { text: rationale },
    help: { text: [...(mend === undefined ? [] : [`To mend: ${mend}.`]), serves].join(' ') },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['security', 'hipaa', plugin, ...controls] },
    relationships: controls.map((citation) => ({
      target: { id: citation, toolComponent: { name: TAXONOMY } },
      kinds: ['relevant'],
    })),
  };
}

/** Where a finding is shown; a finding about a construct that is no resource, at the first resource within it. */
function placesOf({ resources, findings }: Report): (finding: Finding) => object {
  const made = resources.filter(({ source }) => source !== undefined);
  const exact = new Map(made.map(({ path, source }) => [path, source]));
  const missing = [...new Set(findings.map(({ resource }) => resource))].filter((path) => !exact.has(path));
  const sorted = missing.length === 0 ? [] : [...made].sort((a, b) => byText(a.path, b.path));
  for (const path of missing)
    exact.set(path, sorted.find((one) => one.path.startsWith(`${path}/`))?.source ?? APPLICATION);
  return ({ resource }) => {
    const { file, line } = exact.get(resource) ?? APPLICATION;
    return sarifPlace(file, { startLine: line });
  };
}

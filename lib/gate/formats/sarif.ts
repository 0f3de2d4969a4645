import { sarifLog, sarifPlace, type SarifRule, sarifSuppression } from '../../shared/sarif';
import { byText } from '../report/ids';
import type { Finding, Report } from '../report/model';
import type { Exception } from '../report/registers';
import { jsonPieces, type Pieces, Rows } from './pieces';

const TAXONOMY = 'HIPAA Security Rule';
/** Where a finding is shown whose resource no line of the sources made: the file that names the application. */
const APPLICATION = { file: 'cdk.json', line: 1 };

/**
 * The findings as SARIF 2.1.0, for code scanning: each at the line that made its resource, with an id that stays the same
 * from synth to synth. Accepted findings are suppressed in source, with what their exception says.
 */
export function* renderSarif(report: Report): Pieces {
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
    results: new Rows(resultsOf(report)),
  });
  yield* jsonPieces(log);
  yield '\n';
}

function* resultsOf(report: Report): Iterable<object> {
  const rules = new Map(report.rules.map((rule, index) => [rule.id, { ...rule, index }]));
  const exceptions = new Map(report.exceptions.map((exception) => [exception.id, exception]));
  const place = placesOf(report);
  for (const finding of report.findings) {
    const { id, part, resource, environment, state, detail, exception } = finding;
    const rule = rules.get(finding.rule);
    // The rule's own text stands once, with the rule.
    const found = detail === rule?.rationale ? `breaks ${finding.rule}.` : detail;
    yield {
      ruleId: finding.rule,
      ruleIndex: rule?.index,
      level: 'error',
      message: { text: `${resource}${part === undefined ? '' : ` (${part})`}: ${found}` },
      locations: [
        {
          physicalLocation: place(finding),
          logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }],
        },
      ],
      partialFingerprints: { 'finding/v1': id },
      suppressions: state === 'accepted' ? [suppression(exceptions.get(exception ?? ''))] : undefined,
      properties: { environment, state },
    };
  }
}

function suppression(exception: Exception | undefined): object {
  return sarifSuppression(
    exception === undefined
      ? 'Accepted in code.'
      : `${exception.owner}, approved by ${exception.approvedBy} until ${exception.expires}: ${exception.reason} Instead: ${exception.compensatingControl}`,
  );
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

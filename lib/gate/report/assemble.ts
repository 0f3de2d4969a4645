import { CATALOGUE_VERSION } from '../catalogue';
import type { Ledger } from '../ledger';
import { environmentNames, environmentOfStage, environmentsOf } from './environments';
import { exceptionsOf, findingsOf, type GateProblem, rulesOf } from './findings';
import { byText } from './ids';
import { limitsOf } from './limits';
import { manualEvidence, type ManualRecord } from './manual';
import { type PhiMap, type Report, REPORT_VERSION, reportSchema } from './model';
import { type CheckResult, controlsOf } from './statuses';
import { verdictIn, worstOf } from './verdict';

/** Where an environment is deployed. */
export interface Place {
  /** Account id. */
  readonly account: string;
  /** Region. */
  readonly region: string;
}

/** What a report is made from besides the ledger. */
export interface ReportInputs {
  /** Name of the system. */
  readonly system: string;
  /** Version of the release. */
  readonly version: string;
  /** Commit, or `unknown`. */
  readonly commit: string;
  /** Whether the working tree held more than the commit. */
  readonly dirty: boolean;
  /** The pipeline's execution; absent on a laptop. */
  readonly execution?: Report['execution'];
  /** Where each environment is deployed, by its name. */
  readonly places: ReadonlyMap<string, Place>;
  /** What is wrong with the acceptances. */
  readonly problems: readonly GateProblem[];
  /** How each check by test ended, by id. */
  readonly checks: ReadonlyMap<string, CheckResult>;
  /** What people recorded. */
  readonly manual: ManualRecord;
  /** The map of protected health information. */
  readonly phi: PhiMap;
  /** What was collected of operation. */
  readonly operational: Report['operational'];
  /** The templates that were judged. */
  readonly templates: Report['templates'];
  /** What is deployed beside them. */
  readonly assets: Report['assets'];
}

/** The whole report of one synth: sorted, so that the same input gives the same bytes. */
export function assemble(ledger: Ledger, inputs: ReportInputs): Report {
  const environmentOf = environmentsOf(ledger);
  const names = environmentNames(ledger);
  const findings = findingsOf(ledger, inputs.problems);
  const exceptions = exceptionsOf(ledger);
  const rules = rulesOf(ledger, inputs.problems);
  const manual = manualEvidence(inputs.manual, ledger.judgedOn);
  const controls = controlsOf({
    environments: names,
    rules,
    holding: ledger.evaluations
      .filter(({ result }) => result === 'compliant')
      .map(({ rule, path }) => ({ rule, environment: environmentOf(path) })),
    findings,
    manual,
    checks: inputs.checks,
  });
  const environments = names.map((name) => ({
    name,
    ...(inputs.places.get(name) ?? { account: 'unknown', region: 'unknown' }),
    verdict: verdictIn(name, { controls, findings, exceptions }),
    resources: ledger.resources.filter(({ stage }) => environmentOfStage(stage) === name).length,
  }));
  const late = inputs.manual.overdue === 'fail' && manual.some(({ overdue }) => overdue);
  return reportSchema.parse({
    schemaVersion: REPORT_VERSION,
    catalogueVersion: CATALOGUE_VERSION,
    system: inputs.system,
    version: inputs.version,
    commit: inputs.commit,
    dirty: inputs.dirty,
    judgedOn: ledger.judgedOn,
    ...(inputs.execution && { execution: inputs.execution }),
    tools: ledger.tools,
    verdict: late ? 'fail' : worstOf(environments.map(({ verdict }) => verdict)),
    environments,
    controls,
    rules,
    resources: ledger.resources
      .map(({ stage, ...resource }) => ({ ...resource, environment: environmentOfStage(stage) }))
      .sort((a, b) => byText(a.path, b.path)),
    results: ledger.evaluations
      .map(({ rule, path, result }) => ({ rule, resource: path, result }))
      .sort((a, b) => byText(`${a.rule}\n${a.resource}`, `${b.rule}\n${b.resource}`)),
    findings,
    exceptions,
    wildcards: ledger.wildcards
      .map((one) => ({ ...one, environment: environmentOf(one.path) }))
      .sort((a, b) => byText(a.path + a.action, b.path + b.action)),
    waivers: ledger.waivers
      .map((one) => ({ ...one, environment: environmentOf(one.path) }))
      .sort((a, b) => byText(a.expires + a.path + a.change, b.expires + b.path + b.change)),
    phi: inputs.phi,
    manual,
    checks: [...inputs.checks].map(([id, result]) => ({ id, result })).sort((a, b) => byText(a.id, b.id)),
    operational: [...inputs.operational].sort((a, b) => byText(a.kind + a.title, b.kind + b.title)),
    templates: [...inputs.templates].sort((a, b) => byText(a.path, b.path)),
    assets: [...inputs.assets].sort((a, b) => byText(a.path, b.path)),
    limits: limitsOf(inputs.phi),
  } satisfies Report);
}

import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { stacksOf } from './cloud-assembly';
import { KNOWN_RULES, missingIn } from './completeness';
import { fullRule, isFinding, type Ledger, LEDGER_FILE, ledgerSchema } from './ledger';
import { GATE_PLUGINS } from './rule-ids';

/** Name of CDK's report in the cloud assembly folder. */
const REPORT_FILE = 'validation-report.json';

const violation = z.object({
  ruleName: z.string(),
  violatingConstructs: z.array(z.object({ constructPath: z.string().optional() })).default([]),
});
const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      conclusion: z.string(),
      violations: z.array(violation).default([]),
      suppressedViolations: z.array(violation).default([]),
    }),
  ),
});
type Report = z.infer<typeof reportSchema>;

/** What the verifier says about an assembly. */
export interface Verification {
  /** One sentence for everything that is wrong; empty when the assembly passed the gate. */
  readonly problems: readonly string[];
  /** One line about an assembly that passed. */
  readonly summary: string;
}

/** The file's content in its schema, or the sentence that says why not. */
function load<T>(file: string, schema: z.ZodType<T>): T | string {
  const name = path.basename(file);
  if (!fs.existsSync(file))
    return `${name} is missing: this assembly did not go through the gate; synthesise it again.`;
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return `${name} cannot be read as what the gate writes: it was changed; synthesise again.`;
  }
}

/** Whether the report must name the plugin: CDK leaves out one that found nothing, accepted findings included. */
function mustReport(plugin: string, ledger: Ledger): boolean {
  return ledger.evaluations.some((evaluation) => evaluation.plugin === plugin && isFinding(evaluation));
}

function problemsOfPlugins(report: Report, ledger: Ledger): string[] {
  const reported = new Set(report.pluginReports.map(({ pluginName }) => pluginName));
  return Object.keys(KNOWN_RULES).flatMap((name) =>
    mustReport(name, ledger) && !reported.has(name)
      ? [`${REPORT_FILE} holds no report of ${name}, which found something: the report was changed.`]
      : [],
  );
}

function problemsOfReport(report: Report): string[] {
  return report.pluginReports
    .filter(
      ({ pluginName, conclusion, violations }) =>
        conclusion !== 'success' || (GATE_PLUGINS.includes(pluginName) && violations.length > 0),
    )
    .map(
      ({ pluginName, violations }) =>
        `${pluginName} has ${violations.length} open finding(s): ${violations.map(({ ruleName }) => ruleName).join(', ')}.`,
    );
}

function problemsOfStacks(assembly: string, ledger: Ledger): string[] {
  const seen = new Map(ledger.stacks.map((stack) => [stack.template, stack]));
  const present = stacksOf(assembly).map(({ template }) => template);
  return [
    ...present
      .filter((template) => !seen.has(template))
      .map(
        (template) =>
          `${template} is deployed by this assembly but was never seen by the gate; synthesise again.`,
      ),
    ...ledger.stacks
      .filter(({ template }) => !present.includes(template))
      .map(
        ({ path: stack }) =>
          `${stack} was seen by the gate but is not in the assembly's manifest; synthesise again.`,
      ),
    ...present.flatMap((template) => {
      const stack = seen.get(template);
      const file = path.join(assembly, template);
      if (!stack) return [];
      if (!fs.existsSync(file)) return [`${template} is missing; synthesise again.`];
      const hash = crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
      return hash === stack.sha256
        ? []
        : [`${template} was changed after the gate saw it; synthesise again.`];
    }),
  ];
}

const resourcesOf = z.object({ Resources: z.record(z.string(), z.unknown()).default({}) });

/** Whether each rule there is looked at each resource that would be deployed, and no verdict was taken out since. */
function problemsOfCoverage(assembly: string, ledger: Ledger): string[] {
  const known = new Set(ledger.resources.map(({ stack, logicalId }) => `${stack}\n${logicalId}`));
  const unseen = ledger.stacks.flatMap(({ path: stack, template }) => {
    const read = load(path.join(assembly, template), resourcesOf);
    if (typeof read === 'string') return [];
    return Object.keys(read.Resources)
      .filter((logicalId) => !known.has(`${stack}\n${logicalId}`))
      .map((logicalId) => `${LEDGER_FILE} knows nothing of ${logicalId} of ${stack}; synthesise again.`);
  });
  const missing = missingIn({
    rules: ledger.rules,
    verdicts: ledger.evaluations,
    resources: ledger.resources.length,
  });
  return [...unseen, ...missing.map((words) => `${LEDGER_FILE} ${words}`)];
}

/** How many resources each rule was excepted for, as the two files tell it. */
function exceptions(report: Report, ledger: Ledger): readonly [reported: string[], recorded: string[]] {
  const reported = report.pluginReports
    .filter(({ pluginName }) => GATE_PLUGINS.includes(pluginName))
    .flatMap(({ pluginName, suppressedViolations }) =>
      suppressedViolations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(
          ({ constructPath }) => `${ruleName.replace(`${pluginName}-`, '')} at ${constructPath ?? ''}`,
        ),
      ),
    );
  const recorded = ledger.evaluations.filter(isFinding).map((e) => `${fullRule(e)} at ${e.path}`);
  return [[...new Set(reported)].sort(), [...new Set(recorded)].sort()];
}

function problemsOfLedger(report: Report, ledger: Ledger, today: string): string[] {
  const open = ledger.evaluations.filter(
    (evaluation) => isFinding(evaluation) && evaluation.acceptedAt === undefined,
  );
  const covered = new Set(
    ledger.acceptances.flatMap(({ path: place, rule, covers }) =>
      covers.map((resource) => `${rule} at ${resource} by ${place}`),
    ),
  );
  const uncovered = ledger.evaluations
    .flatMap((e) =>
      isFinding(e) && e.acceptedAt !== undefined ? [`${fullRule(e)} at ${e.path} by ${e.acceptedAt}`] : [],
    )
    .filter((acceptance) => !covered.has(acceptance));
  const expired = ledger.acceptances.filter(({ expires }) => expires < today);
  const [reported, recorded] = exceptions(report, ledger);
  return [
    ...open.map(({ rule, path: place }) => `${LEDGER_FILE} records an open finding: ${rule} at ${place}.`),
    ...uncovered.map(
      (acceptance) => `${LEDGER_FILE} holds no acceptance that would cover ${acceptance}: it was changed.`,
    ),
    ...expired.map(
      ({ rule, path: place, expires }) =>
        `The acceptance of ${rule} at ${place} expired on ${expires}; mend the finding or have it approved anew.`,
    ),
    ...ledger.waivers
      .filter(({ expires }) => expires < today)
      .map(
        ({ path: place, change, expires }) =>
          `The leave for "${change}" at ${place} ended on ${expires}: take it out.`,
      ),
    ...recorded
      .filter((line) => !reported.includes(line))
      .map(
        (line) =>
          `${REPORT_FILE} does not show the accepted finding ${line}: one of the two files was changed.`,
      ),
    ...reported
      .filter((line) => !recorded.includes(line))
      .map(
        (line) =>
          `${LEDGER_FILE} does not show the accepted finding ${line}: one of the two files was changed.`,
      ),
  ];
}

/**
 * Checks that an assembly passed the whole gate and was not changed since.
 * @param assembly - the cloud assembly folder
 * @param today - day that acceptances are judged by, `YYYY-MM-DD`
 */
export function verifyAssembly(assembly: string, today: string): Verification {
  if (!fs.existsSync(path.join(assembly, 'manifest.json')))
    return { problems: [`${assembly} holds no manifest.json: it is no cloud assembly.`], summary: '' };
  const report = load(path.join(assembly, REPORT_FILE), reportSchema);
  const ledger = load(path.join(assembly, LEDGER_FILE), ledgerSchema);
  const unreadable = [report, ledger].filter((file) => typeof file === 'string');
  const problems = [
    ...unreadable,
    ...(typeof report === 'string' ? [] : problemsOfReport(report)),
    ...(typeof ledger === 'string'
      ? []
      : [...problemsOfStacks(assembly, ledger), ...problemsOfCoverage(assembly, ledger)]),
    ...(typeof report === 'string' || typeof ledger === 'string'
      ? []
      : [...problemsOfPlugins(report, ledger), ...problemsOfLedger(report, ledger, today)]),
  ];
  if (typeof ledger === 'string') return { problems, summary: '' };
  const summary = `The gate saw ${ledger.stacks.length} stacks and ${ledger.resources.length} resources by ${ledger.rules.length} rules: no open finding, ${ledger.acceptances.length} acceptances.`;
  return { problems, summary };
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { stacksOf } from '../cloud-assembly';
import { type Ledger, LEDGER_FILE, ledgerSchema } from '../ledger';
import type { Place, ReportInputs } from '../report/assemble';
import { environmentOfStage } from '../report/environments';
import type { GateProblem } from '../report/findings';
import { ACCEPTANCE_PLUGIN } from '../rule-ids';

/** Name of CDK's report in the cloud assembly folder. */
const VALIDATION_REPORT = 'validation-report.json';

const violation = z.object({
  ruleName: z.string(),
  description: z.string().default(''),
  violatingConstructs: z.array(z.object({ constructPath: z.string().optional() })).default([]),
});
const validationReport = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(violation).default([]),
    }),
  ),
});

/** What an assembly itself says for the report. */
export type AssemblyEvidence = Pick<ReportInputs, 'places' | 'problems'> & {
  /** The record of every evaluation. */
  readonly ledger: Ledger;
};

/**
 * Reads what the gate and CDK left in an assembly.
 * @param assembly - the cloud assembly folder
 * @throws Error when the assembly did not go through the gate
 */
export function readAssembly(assembly: string): AssemblyEvidence {
  const ledgerFile = path.join(assembly, LEDGER_FILE);
  if (!fs.existsSync(ledgerFile))
    throw new Error(
      `${assembly} holds no ${LEDGER_FILE}, expected an assembly that went through the gate. To mend: npx cdk synth.`,
    );
  const ledger = ledgerSchema.parse(JSON.parse(fs.readFileSync(ledgerFile, 'utf8')));
  const reportFile = path.join(assembly, VALIDATION_REPORT);
  const { pluginReports } = fs.existsSync(reportFile)
    ? validationReport.parse(JSON.parse(fs.readFileSync(reportFile, 'utf8')))
    : { pluginReports: [] };

  const problems: GateProblem[] = [];
  for (const { pluginName, violations } of pluginReports) {
    if (pluginName === ACCEPTANCE_PLUGIN)
      for (const { ruleName, description, violatingConstructs } of violations)
        for (const { constructPath = '' } of violatingConstructs)
          problems.push({ rule: ruleName, path: constructPath, detail: description });
  }
  return { ledger, places: placesOf(assembly, ledger), problems };
}

/** Where each environment is deployed, by the first of its stacks. */
function placesOf(assembly: string, ledger: Ledger): ReadonlyMap<string, Place> {
  const deployed = new Map(stacksOf(assembly).map(({ template, environment }) => [template, environment]));
  const stages = new Map(ledger.resources.map(({ stack, stage }) => [stack, stage]));
  const places = new Map<string, Place>();
  for (const { path: stack, template } of ledger.stacks) {
    const name = environmentOfStage(stages.get(stack) ?? '');
    const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(deployed.get(template) ?? '') ?? [];
    if (account !== undefined && region !== undefined && !places.has(name))
      places.set(name, { account, region });
  }
  return places;
}

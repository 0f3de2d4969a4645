import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type {
  App,
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
} from 'aws-cdk-lib';
import { version as libraryVersion } from 'aws-cdk-lib/package.json';
import { version as nagVersion } from 'cdk-nag/package.json';
import { acceptancesOf, type RecordedAcceptance } from './acceptance';
import { checkAcceptances, coveredBy, rawAcknowledgements } from './acceptance-checks';
import type { Evidence } from './evidence';
import { type ExplainedWildcard, explainedWildcards, unusedReasons } from './explained-wildcards';
import { isFinding, type Ledger, LEDGER_FILE, LEDGER_VERSION, renderLedger } from './ledger';
import { ACCEPTANCE_PLUGIN } from './rule-ids';
import { ESTATE_RULES } from './estate-rules';
import { TEMPLATE_RULES } from './template-rules';
import { checkWaivers, waiversOf } from './waivers';

/** What the plugin judges by. */
export interface AcceptancePluginProps {
  /** What the other two plugins of the gate found; they must run before. */
  readonly evidence: Evidence;
  /** The application. */
  readonly app: App;
  /** Day that expiry is judged by, `YYYY-MM-DD`. */
  readonly today: string;
  /** Whether every environment is in this synth. */
  readonly whole: boolean;
}

/** Judges the acceptances, leave for changes and reasons for wildcards once everything is evaluated, and writes the ledger; nothing that it reports can be accepted. */
export class AcceptancePlugin implements IPolicyValidationPlugin {
  /** Name in the validation report. */
  readonly name = ACCEPTANCE_PLUGIN;

  constructor(private readonly props: AcceptancePluginProps) {}

  /** Judges every acceptance, and writes the ledger beside the report. */
  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { evidence, today, whole } = this.props;
    const acceptances = acceptancesOf(context.appConstruct);
    const findings = evidence.evaluations.filter(isFinding);
    const rules = new Set([
      ...[...evidence.rules.values()].map(({ id }) => id),
      ...[...TEMPLATE_RULES, ...ESTATE_RULES].map(({ id }) => id),
    ]);
    const explained = explainedWildcards(context.appConstruct, evidence.stacks);
    const problems = [
      ...checkAcceptances(acceptances, findings, { today, rules, whole }),
      ...rawAcknowledgements(context.appConstruct, acceptances),
      ...checkWaivers(evidence.stacks, today),
      ...(whole ? unusedReasons(explained) : []),
    ];
    this.write(context, acceptances, explained);
    evidence.clear();
    return {
      success: problems.length === 0,
      violations: problems.map((problem) => ({
        ruleName: problem.name,
        description: problem.message,
        fix: problem.mend,
        severity: 'fatal',
        violatingResources: [{ constructPath: problem.path, locations: [] }],
      })),
    };
  }

  private write(
    context: IPolicyValidationContext,
    acceptances: readonly RecordedAcceptance[],
    explained: readonly ExplainedWildcard[],
  ): void {
    const { app, evidence, today } = this.props;
    const findings = evidence.evaluations.filter(isFinding);
    const covers = new Map(acceptances.map((a) => [a, coveredBy(a, findings)]));
    // The closest acceptance counts, as it does for CDK.
    const closestFirst = [...covers].sort(([a], [b]) => b.scope.node.path.length - a.scope.node.path.length);
    const ledger: Ledger = {
      schemaVersion: LEDGER_VERSION,
      judgedOn: today,
      tools: { 'aws-cdk-lib': libraryVersion, 'cdk-nag': nagVersion },
      stacks: context.stackTemplates.map(({ stackConstructPath, templatePath }) => ({
        path: stackConstructPath,
        template: path.relative(app.outdir, templatePath).split(path.sep).join('/'),
        sha256: crypto.createHash('sha256').update(fs.readFileSync(templatePath)).digest('hex'),
      })),
      rules: [...evidence.rules.values()],
      resources: [...evidence.resources.values()],
      evaluations: evidence.evaluations.map((evaluation) => {
        const by = closestFirst.find(([, covered]) => covered.includes(evaluation))?.[0];
        return by ? { ...evaluation, acceptedAt: by.scope.node.path } : evaluation;
      }),
      acceptances: [...covers].map(([{ scope, ...written }, covered]) => ({
        path: scope.node.path,
        ...written,
        covers: [...new Set(covered.map((evaluation) => evaluation.path))].sort(),
      })),
      wildcards: explained.map(({ scope, action, reason, covers }) => ({
        ...{ path: scope.node.path, action, reason, covers: [...covers] },
      })),
      waivers: waiversOf(evidence.stacks),
    };
    fs.writeFileSync(path.join(app.outdir, LEDGER_FILE), renderLedger(ledger));
  }
}

import type { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import {
  HIPAASecurityChecks,
  type IApplyRule,
  NagMessageLevel,
  NagRuleCompliance,
  type NagRuleResult,
} from 'cdk-nag';
import type { DeclaredRule, Evidence } from './evidence';
import { readBack } from './rendered';
import { HIPAA_PLUGIN } from './rule-ids';

/** The citations of 45 CFR 164 in a rule's text; the labels around them vary, the citations do not. */
export function controlsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/164\.\d+(?:\([a-zA-Z0-9]+\))+/g)].map(([citation]) => citation))];
}

/**
 * Rules that look for a construct of the library and not at what is deployed; what is read back of a template holds
 * none. `TemplateVpcDefaultGroupClosed` judges the template in its place.
 */
const OF_CONSTRUCTS_ONLY: ReadonlySet<string> = new Set(['VPCDefaultSecurityGroupClosed']);

/** What a rule said, or what it threw. */
type Outcome = { readonly result: NagRuleResult } | { readonly error: Error };

function evaluate(rule: (node: CfnResource) => NagRuleResult, node: CfnResource): Outcome {
  try {
    return { result: rule(node) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/**
 * The HIPAA pack of cdk-nag, recording what it evaluates: cdk-nag itself keeps the findings only. Each rule judges what
 * the template says, read back where the constructs may say something else, so that neither a raw resource nor a property override hides anything. Every finding is
 * an error, since CDK lets a warning pass as soon as anything else in the report was accepted.
 */
export class RecordingHipaaPack extends HIPAASecurityChecks {
  private readonly declared = new Map<string, DeclaredRule>();
  private twins: ReadonlyMap<CfnResource, CfnResource> = new Map();

  constructor(private readonly evidence: Evidence) {
    super(undefined, { verbose: true });
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { twins, failures } = readBack(this.evidence.begin(context));
    this.twins = twins;
    const { violations } = super.validate(context);
    const unread = [...failures].map(([path, why]) => ({
      ruleName: 'TemplateUnreadable',
      description: `${path}: the rules cannot judge what its template would deploy, since it cannot be read back: ${why}`,
      fix: 'write the resource that it names as CloudFormation documents it',
      severity: 'fatal',
      violatingResources: [{ constructPath: path, locations: [] }],
    }));
    return { success: violations.length + unread.length === 0, violations: [...violations, ...unread] };
  }

  protected override applyRule(params: IApplyRule): void {
    const { node } = params;
    const rule = this.declare(params);
    const twin = OF_CONSTRUCTS_ONLY.has(rule.id) ? undefined : this.twins.get(node);
    const outcome = evaluate((resource) => params.rule(resource), twin ?? node);
    if (!this.record(rule, node, outcome)) return;
    super.applyRule({
      ...params,
      ruleSuffixOverride: rule.id,
      level: NagMessageLevel.ERROR,
      rule: () => {
        if ('error' in outcome) throw outcome.error;
        return outcome.result;
      },
    });
  }

  /** Records the outcome, and tells whether it is a finding. */
  private record(rule: DeclaredRule, node: CfnResource, outcome: Outcome): boolean {
    if ('error' in outcome) {
      this.evidence.record(rule, node, { result: 'error', detail: outcome.error.message });
      return true;
    }
    const { result } = outcome;
    if (Array.isArray(result) && result.length > 0) {
      for (const finding of result) this.evidence.record(rule, node, { result: 'non-compliant', finding });
      return true;
    }
    const found = result === NagRuleCompliance.NON_COMPLIANT;
    if (result === NagRuleCompliance.NOT_APPLICABLE) this.evidence.record(rule, node, 'not-applicable');
    else this.evidence.record(rule, node, { result: found ? 'non-compliant' : 'compliant' });
    return found;
  }

  private declare(params: IApplyRule): DeclaredRule {
    const id = params.ruleSuffixOverride ?? params.rule.name;
    const known = this.declared.get(id);
    if (known) return known;
    const made = { id, plugin: HIPAA_PLUGIN, controls: controlsIn(params.info), rationale: params.info };
    this.declared.set(id, made);
    return made;
  }
}

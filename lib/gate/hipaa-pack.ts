import { type CfnResource } from 'aws-cdk-lib';
import {
  HIPAASecurityChecks,
  type IApplyRule,
  NagMessageLevel,
  NagRuleCompliance,
  type NagRuleResult,
} from 'cdk-nag';
import type { Evidence } from './evidence';
import { HIPAA_PLUGIN } from './rule-ids';

/** The citations of 45 CFR 164 in a rule's text; the labels around them vary, the citations do not. */
export function controlsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/164\.\d+(?:\([a-zA-Z0-9]+\))+/g)].map(([citation]) => citation))];
}

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
 * The HIPAA pack of cdk-nag, recording what it evaluates: cdk-nag itself keeps the findings only. Every finding is an
 * error, since CDK lets a warning pass as soon as anything else in the report was accepted.
 */
export class RecordingHipaaPack extends HIPAASecurityChecks {
  constructor(private readonly evidence: Evidence) {
    super(undefined, { verbose: true });
  }

  protected override applyRule(params: IApplyRule): void {
    const { node, info } = params;
    const id = params.ruleSuffixOverride ?? params.rule.name;
    const outcome = evaluate((resource) => params.rule(resource), node);
    const rule = { id, plugin: HIPAA_PLUGIN, controls: controlsIn(info), rationale: info };
    if ('error' in outcome)
      this.evidence.record(rule, node, { result: 'error', detail: outcome.error.message });
    else if (Array.isArray(outcome.result)) {
      for (const finding of outcome.result)
        this.evidence.record(rule, node, { result: 'non-compliant', finding });
      if (outcome.result.length === 0) this.evidence.record(rule, node, { result: 'compliant' });
    } else if (outcome.result === NagRuleCompliance.NOT_APPLICABLE)
      this.evidence.record(rule, node, 'not-applicable');
    else
      this.evidence.record(rule, node, {
        result: outcome.result === NagRuleCompliance.COMPLIANT ? 'compliant' : 'non-compliant',
      });
    super.applyRule({
      ...params,
      ruleSuffixOverride: id,
      level: NagMessageLevel.ERROR,
      rule: () => {
        if ('error' in outcome) throw outcome.error;
        return outcome.result;
      },
    });
  }
}

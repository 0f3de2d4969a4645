import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
} from 'aws-cdk-lib';
import type { Evidence } from './evidence';
import { renderedStacks } from './rendered';
import { TEMPLATE_PLUGIN } from './rule-ids';
import { TEMPLATE_RULES } from './template-rules';
import type { Subject, TemplateRule, Verdict } from './template-rules/rule';

/** A verdict, or what the rule threw. */
function judge(rule: TemplateRule, subject: Subject): Verdict | Error {
  if (rule.types.length > 0 && !rule.types.includes(subject.resource.Type)) return 'not-applicable';
  try {
    return rule.check(subject);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** This repository's rules over the templates as they were written to disk, which property overrides cannot hide from. */
export class TemplateRulesPlugin implements IPolicyValidationPlugin {
  /** Name in the validation report. */
  readonly name = TEMPLATE_PLUGIN;

  constructor(private readonly evidence: Evidence) {}

  /** Judges every rendered resource of every stack. */
  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = renderedStacks(context).flatMap(({ resources: siblings, constructs }) =>
      [...constructs].flatMap(([logicalId, construct]) => {
        const resource = siblings[logicalId];
        if (!resource) return [];
        const production = Stack.of(construct).terminationProtection;
        const properties = resource.Properties ?? {};
        return this.evaluate({ logicalId, resource, properties, siblings, production, construct });
      }),
    );
    return { success: violations.length === 0, violations };
  }

  private evaluate(subject: Subject): PolicyViolation[] {
    return TEMPLATE_RULES.flatMap((rule) => {
      const verdict = judge(rule, subject);
      const declared = {
        id: rule.id,
        plugin: TEMPLATE_PLUGIN,
        controls: [...rule.controls],
        rationale: rule.rationale,
        mend: rule.mend,
      };
      if (verdict === 'not-applicable') this.evidence.record(declared, subject.construct, 'not-applicable');
      else if (verdict === 'compliant')
        this.evidence.record(declared, subject.construct, { result: 'compliant' });
      else {
        const threw = verdict instanceof Error;
        const found = threw ? `The rule threw: ${verdict.message}` : verdict.found;
        this.evidence.record(declared, subject.construct, {
          result: threw ? 'error' : 'non-compliant',
          detail: found,
        });
        return [
          {
            ruleName: rule.id,
            description: `${found}. ${rule.rationale} (${rule.controls.join(', ')})`,
            fix: rule.mend,
            severity: 'error',
            violatingResources: [
              {
                constructPath: subject.construct.node.path,
                resourceLogicalId: subject.logicalId,
                locations: [threw ? 'Properties' : verdict.location],
              },
            ],
          },
        ];
      }
      return [];
    });
  }
}

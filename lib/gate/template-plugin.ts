import {
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
  Stage,
  TagManager,
  Token,
} from 'aws-cdk-lib';
import { type Estate, estateOf, type StackTemplate } from './estate/estate';
import { ESTATE_RULES } from './estate-rules';
import type { EstateRule, Judgements } from './estate-rules/rule';
import { once } from './estate/once';
import type { DeclaredRule, Evidence } from './evidence';
import type { RenderedStack } from './rendered';
import { byText } from './report/ids';
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

/** What a rule says of an environment, or what it threw. */
function judgeEstate(rule: EstateRule, estate: Estate): Judgements | Error {
  try {
    return rule.judge(estate);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What the evidence and the report of the validation need of a rule. */
type Declared = Pick<TemplateRule, 'id' | 'controls' | 'rationale' | 'mend'>;

/** A rule as the evidence knows it. */
const declaredAs = once(({ id, controls, rationale, mend }: Declared): DeclaredRule => ({
  ...{ id, plugin: TEMPLATE_PLUGIN, controls: [...controls], rationale, mend },
}));

/** A resource that is judged, whichever rule does. */
type Judged = Pick<Subject, 'logicalId' | 'construct'>;

function known(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/** The stacks of each stage in the order of their paths, as the ledger has them; those outside every stage stand together. */
function environmentsOf(stacks: readonly RenderedStack[]): ReadonlyMap<string, StackTemplate[]> {
  const environments = new Map<string, StackTemplate[]>();
  for (const { path, resources, outputs, constructs } of [...stacks].sort((a, b) => byText(a.path, b.path))) {
    const [first] = constructs.values();
    if (!first) continue;
    const stack = Stack.of(first);
    const [account, region] = [known(stack.account), known(stack.region)];
    const stage = Stage.of(stack)?.node.path ?? '';
    environments.set(stage, [
      ...(environments.get(stage) ?? []),
      {
        path,
        ...(account !== undefined && { account }),
        ...(region !== undefined && { region }),
        template: { Resources: resources, Outputs: outputs },
        pathOf: (logicalId) => constructs.get(logicalId)?.node.path,
      },
    ]);
  }
  return environments;
}

/** This repository's rules over the templates as they were written to disk, which property overrides cannot hide from. */
export class TemplateRulesPlugin implements IPolicyValidationPlugin {
  /** Name in the validation report. */
  readonly name = TEMPLATE_PLUGIN;

  constructor(private readonly evidence: Evidence) {}

  /** Judges every rendered resource of every stack, and every environment as a whole. */
  validate(): PolicyValidationPluginReport {
    const stacks = this.evidence.stacks;
    const violations = stacks.flatMap(({ resources: siblings, constructs, outputs, ...stack }) => {
      const surroundings = { ...stack.surroundings, Outputs: outputs };
      return [...constructs].flatMap(([logicalId, construct]) => {
        const resource = siblings[logicalId];
        if (!resource) return [];
        const production = Stack.of(construct).terminationProtection;
        const properties = resource.Properties ?? {};
        const tagProperty = TagManager.of(construct)?.tagPropertyName;
        return this.evaluate({
          ...{ logicalId, resource, properties, siblings, surroundings, production, construct, tagProperty },
        });
      });
    });
    const constructs = new Map(stacks.map((stack) => [stack.path, stack.constructs]));
    const environments = [...environmentsOf(stacks)];
    this.evidence.estates = new Map(environments.map(([stage, together]) => [stage, estateOf(together)]));
    for (const estate of this.evidence.estates.values())
      violations.push(...this.evaluateTogether(estate, constructs));
    return { success: violations.length === 0, violations };
  }

  private evaluate(subject: Subject): PolicyViolation[] {
    return TEMPLATE_RULES.flatMap((rule) => this.note(rule, subject, judge(rule, subject)));
  }

  /** Judges one environment; a rule that throws has judged none of its resources. */
  private evaluateTogether(
    estate: Estate,
    constructs: ReadonlyMap<string, RenderedStack['constructs']>,
  ): PolicyViolation[] {
    return ESTATE_RULES.flatMap((rule) => {
      const judgements = judgeEstate(rule, estate);
      return estate.entities.flatMap((entity) => {
        const construct = constructs.get(entity.stack)?.get(entity.logicalId);
        if (!construct) return [];
        const verdict =
          judgements instanceof Error ? judgements : (judgements.get(entity) ?? 'not-applicable');
        return this.note(rule, { logicalId: entity.logicalId, construct }, verdict);
      });
    });
  }

  /** Records a verdict, and gives what the validation has to report of it. */
  private note(rule: Declared, subject: Judged, verdict: Verdict | Error): PolicyViolation[] {
    const declared = declaredAs(rule);
    if (verdict === 'not-applicable' || verdict === 'compliant') {
      this.evidence.record(
        declared,
        subject.construct,
        verdict === 'compliant' ? { result: verdict } : verdict,
      );
      return [];
    }
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
}

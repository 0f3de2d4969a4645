import { type CfnResource, type IPolicyValidationContext, Stack, Stage } from 'aws-cdk-lib';
import type { Estate } from './estate/estate';
import type { Evaluation, Resource, Rule } from './ledger';
import { logicalIdOf, type RenderedStack, renderedStacks } from './rendered';
import { sourceOf } from './source-line';

/** The rule as a pack declares it; its counts are the evidence's to keep. */
export type DeclaredRule = Omit<Rule, 'counts'>;

/**
 * Gathers every evaluation of one synth, in the order made. Ninety rules look at each of thousands of resources, so what is
 * known of a rule or a resource is worked out once.
 */
export class Evidence {
  /** Every rule that was evaluated, by plugin and id. */
  readonly rules = new Map<string, Rule>();
  /** Every resource that a rule looked at, by path. */
  readonly resources = new Map<string, Resource>();
  /** Every verdict but `not applicable`, which is only counted. */
  readonly evaluations: Evaluation[] = [];
  /** Each environment as the rules over it saw it, by the construct path of its stage; kept until the next synth. */
  estates: ReadonlyMap<string, Estate> = new Map();
  private readonly noted = new Map<DeclaredRule, Rule>();
  private readonly paths = new Map<CfnResource, string>();
  private readonly logicalIds = new Map<CfnResource, string>();
  private rendered: readonly RenderedStack[] | undefined;

  /** Begins with a synth: forgets an earlier one, and reads every stack as it was written to disk. */
  begin(context: IPolicyValidationContext): readonly RenderedStack[] {
    this.clear();
    const stacks = renderedStacks(context);
    for (const { constructs } of stacks)
      for (const [logicalId, node] of constructs) this.logicalIds.set(node, logicalId);
    this.rendered = stacks;
    return stacks;
  }

  /** Every stack of the synth that was begun. */
  get stacks(): readonly RenderedStack[] {
    if (!this.rendered) throw new Error('The HIPAA pack has to run before: it reads the stacks.');
    return this.rendered;
  }

  /** Forgets what an earlier synth of the same application found. */
  clear(): void {
    this.rules.clear();
    this.resources.clear();
    this.evaluations.length = 0;
    for (const known of [this.noted, this.paths, this.logicalIds]) known.clear();
    this.rendered = undefined;
  }

  /** Records a verdict about one resource. */
  record(
    declared: DeclaredRule,
    node: CfnResource,
    verdict: Pick<Evaluation, 'result' | 'finding' | 'detail'> | 'not-applicable',
  ): void {
    const rule = this.declare(declared);
    const path = this.pathOf(node);
    if (verdict === 'not-applicable') {
      rule.counts['not-applicable'] += 1;
      return;
    }
    rule.counts[verdict.result] += 1;
    this.evaluations.push({ plugin: rule.plugin, rule: rule.id, path, ...verdict });
  }

  /** Names a rule as evaluated, so that the ledger lists it even where it applied to nothing. */
  declare(declared: DeclaredRule): Rule {
    const noted = this.noted.get(declared);
    if (noted) return noted;
    const key = `${declared.plugin}::${declared.id}`;
    const rule: Rule = this.rules.get(key) ?? {
      ...declared,
      counts: { compliant: 0, 'non-compliant': 0, 'not-applicable': 0, error: 0 },
    };
    this.rules.set(key, rule);
    this.noted.set(declared, rule);
    return rule;
  }

  /** The path of a resource, which is listed as one that was looked at. */
  private pathOf(node: CfnResource): string {
    const known = this.paths.get(node);
    if (known !== undefined) return known;
    const { path } = node.node;
    const source = sourceOf(node);
    this.resources.set(path, {
      path,
      type: node.cfnResourceType,
      logicalId: this.logicalIds.get(node) ?? logicalIdOf(node),
      stack: Stack.of(node).node.path,
      stage: Stage.of(node)?.node.path ?? '',
      ...(source && { source }),
    });
    this.paths.set(node, path);
    return path;
  }
}

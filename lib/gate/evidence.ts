import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Evaluation, Resource, Rule } from './ledger';
import { sourceOf } from './source-line';

/** The rule as a pack declares it; its counts are the evidence's to keep. */
export type DeclaredRule = Omit<Rule, 'counts'>;

/** What a resource is called in its template; an override, as versions of functions have one, counts. */
export function logicalIdOf(node: CfnResource): string {
  return String(Stack.of(node).resolve(node.logicalId));
}

/** Where a resource stands; the same words in the ledger and in messages. */
export function placeOf(node: CfnResource): Resource {
  const stack = Stack.of(node);
  return {
    path: node.node.path,
    type: node.cfnResourceType,
    logicalId: logicalIdOf(node),
    stack: stack.node.path,
    stage: Stage.of(node)?.node.path ?? '',
  };
}

/** Every resource of the application that reaches a template, across its stages. */
export function resourcesUnder(root: IConstruct): CfnResource[] {
  return root.node.findAll().filter((node) => CfnResource.isCfnResource(node));
}

/** Gathers every evaluation of one synth, in the order made. */
export class Evidence {
  /** Every rule that was evaluated, by plugin and id. */
  readonly rules = new Map<string, Rule>();
  /** Every resource that a rule looked at, by path. */
  readonly resources = new Map<string, Resource>();
  /** Every verdict but `not applicable`, which is only counted. */
  readonly evaluations: Evaluation[] = [];

  /** Forgets what an earlier synth of the same application found. */
  clear(): void {
    this.rules.clear();
    this.resources.clear();
    this.evaluations.length = 0;
  }

  /** Records a verdict about one resource. */
  record(
    declared: DeclaredRule,
    node: CfnResource,
    verdict: Pick<Evaluation, 'result' | 'finding' | 'detail'> | 'not-applicable',
  ): void {
    const rule = this.declare(declared);
    if (!this.resources.has(node.node.path)) {
      const source = sourceOf(node);
      this.resources.set(node.node.path, { ...placeOf(node), ...(source && { source }) });
    }
    if (verdict === 'not-applicable') {
      rule.counts['not-applicable'] += 1;
      return;
    }
    rule.counts[verdict.result] += 1;
    this.evaluations.push({ plugin: rule.plugin, rule: rule.id, path: node.node.path, ...verdict });
  }

  /** Names a rule as evaluated, so that the ledger lists it even where it applied to nothing. */
  declare(declared: DeclaredRule): Rule {
    const key = `${declared.plugin}::${declared.id}`;
    const known = this.rules.get(key);
    if (known) return known;
    const rule: Rule = {
      ...declared,
      counts: { compliant: 0, 'non-compliant': 0, 'not-applicable': 0, error: 0 },
    };
    this.rules.set(key, rule);
    return rule;
  }
}

import type { Entity, Estate } from '../estate/estate';
import type { TemplateRule, Verdict } from '../template-rules/rule';

/** What a rule says of the resources of one environment; what is not in it does not concern the rule. */
export type Judgements = ReadonlyMap<Entity, Exclude<Verdict, 'not-applicable'>>;

/** One rule over all the resources of an environment at once, across its stacks. */
export interface EstateRule extends Pick<TemplateRule, 'id' | 'controls' | 'rationale' | 'mend'> {
  /** What it looks at, in words. */
  readonly looksAt: string;
  /** Judges an environment. */
  readonly judge: (estate: Estate) => Judgements;
}

import type { IConstruct } from 'constructs';
import { pathInStage } from './acceptance';
import type { AcceptanceProblem } from './acceptance-checks';
import type { RenderedStack } from './rendered';
import { wildcardActionsOf } from './template-rules/identity';
import { wildcardReasonFor, type WildcardReason, wildcardReasonsIn } from './template-rules/wildcards';

/** A reason with the policies that stand on it. */
export interface ExplainedWildcard extends WildcardReason {
  /** Construct paths of the policies; empty where none needs it. */
  readonly covers: readonly string[];
}

const keyOf = ({ scope, action }: WildcardReason): string => `${scope.node.path}\n${action}`;
/** Its place that is the same in every environment. */
const placeOf = ({ scope, action }: WildcardReason): string => `${pathInStage(scope)}\n${action}`;

/** Every reason for a wildcard, with what it explains in the templates. */
export function explainedWildcards(root: IConstruct, stacks: readonly RenderedStack[]): ExplainedWildcard[] {
  const covers = new Map<string, Set<string>>();
  for (const { resources, constructs } of stacks)
    for (const [id, resource] of Object.entries(resources)) {
      const construct = constructs.get(id);
      if (!construct) continue;
      for (const action of wildcardActionsOf(resource)) {
        const reason = wildcardReasonFor(construct, action);
        if (!reason) continue;
        const paths = covers.get(keyOf(reason)) ?? new Set();
        covers.set(keyOf(reason), paths.add(construct.node.path));
      }
    }
  return wildcardReasonsIn(root).map((reason) => ({
    ...reason,
    covers: [...(covers.get(keyOf(reason)) ?? [])].sort(),
  }));
}

/** Reasons that explain nothing, in no environment: what they would let through one day nobody has looked at. */
export function unusedReasons(explained: readonly ExplainedWildcard[]): AcceptanceProblem[] {
  const needed = new Set(explained.filter(({ covers }) => covers.length > 0).map(placeOf));
  return explained
    .filter((one) => !needed.has(placeOf(one)))
    .map(({ scope: { node }, action }) => ({
      path: node.path,
      name: 'WildcardReasonUnused',
      message: `${node.path}, reason for ${action} on every resource: no policy at it or directly in it allows it in any environment, or AWS binds it to no resource; expected a wildcard that it explains.`,
      mend: 'remove the reason, or write it at the policy that needs it',
    }));
}

import { isOwnApproval, waiver, WAIVERS } from '../release/guard/model';
import { listOf } from '../release/guard/values';
import { aYearAfter } from '../shared/days';
import type { AcceptanceProblem } from './acceptance-checks';
import type { Ledger } from './ledger';
import type { RenderedStack } from './rendered';
import { record } from './template-rules/values';

const SHORTEST_REASON = 40;

/** Leave for a change as a template holds it. */
interface Written {
  /** Construct path of the resource. */
  readonly path: string;
  /** What stands there, of whatever form. */
  readonly leave: unknown;
}

/** Everything that is wrong with leave for a change, whatever day it is. */
export function problemsOfLeave(leave: unknown): string[] {
  const { error } = waiver.strict().safeParse(leave);
  const { reason, owner, approvedBy } = record(leave);
  return [
    ...(error?.issues ?? []).map((issue) => `${issue.path.join('.') || 'the leave'}: ${issue.message}`),
    ...(typeof reason === 'string' && reason.trim().length < SHORTEST_REASON
      ? [`reason: "${reason}" is shorter than ${SHORTEST_REASON} characters; say what an auditor can judge`]
      : []),
    ...(typeof owner === 'string' && typeof approvedBy === 'string' && isOwnApproval({ owner, approvedBy })
      ? [`approvedBy: "${approvedBy}" is the owner too; somebody else has to approve it`]
      : []),
  ];
}

/** Leave that stands beside the resources of these stacks, however it was written there. */
function writtenIn(stacks: readonly RenderedStack[]): readonly Written[] {
  return stacks.flatMap(({ resources, constructs }) =>
    Object.entries(resources).flatMap(([id, { Metadata }]) =>
      listOf(Metadata?.[WAIVERS]).map((leave) => ({ path: constructs.get(id)?.node.path ?? id, leave })),
    ),
  );
}

/** Everything that is wrong with leave for changes, before the guard of a release is asked. */
export function checkWaivers(stacks: readonly RenderedStack[], today: string): AcceptanceProblem[] {
  const last = aYearAfter(today);
  return writtenIn(stacks).flatMap(({ path, leave }) => {
    const { change, expires, owner } = record(leave);
    const tell = (name: string, words: string, mend: string): AcceptanceProblem => ({
      ...{ path, name, mend },
      message: `${path}, leave for ${typeof change === 'string' ? `"${change}"` : 'no change'}: ${words}.`,
    });
    const wrong = problemsOfLeave(leave).map((words) =>
      tell('WaiverInvalid', words, 'write it by allowChange() of lib/gate'),
    );
    if (wrong.length > 0 || typeof expires !== 'string') return wrong;
    if (expires < today)
      return [
        tell(
          'WaiverExpired',
          `expires "${expires}", expected ${today} or later`,
          `take it out; where the change is still to come, ${String(owner)} has it approved anew`,
        ),
      ];
    if (expires > last)
      return [
        tell(
          'WaiverTooLong',
          `expires "${expires}", expected ${last} or earlier`,
          'have it approved for at most one year',
        ),
      ];
    return [];
  });
}

/** Leave that has the right form, for the ledger. */
export function waiversOf(stacks: readonly RenderedStack[]): Ledger['waivers'] {
  return writtenIn(stacks).flatMap(({ path, leave }) => {
    const { data } = waiver.strip().safeParse(leave);
    return data ? [{ path, ...data }] : [];
  });
}

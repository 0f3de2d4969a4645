import { type Circumstances, judge } from '../release/guard/judge';
import { resourcesOf } from '../release/guard/resolve';
import { changesBetween, type TemplateOfStack } from './differences';
import type { StackReview } from './model';

/** A stack as it stands and as the release has it. */
export interface StackTemplates {
  /** Name of the stack. */
  readonly stack: string;
  /** Its template there; absent before its first deployment. */
  readonly before?: TemplateOfStack;
  /** Whether a guard will judge its change set. */
  readonly guarded: boolean;
  /** Its template of this release. */
  readonly after: TemplateOfStack;
}

/** What is written where a guard names the change set. */
const FORETOLD = 'the template of this release';

/**
 * What becomes of a stack, in the guard's own judgement of the day: what it will refuse is told before anybody approves,
 * and so is what nobody else will.
 */
export function reviewStack(
  { stack, guarded, before, after }: StackTemplates,
  circumstances: Circumstances,
): StackReview {
  // What is deployed was read with everything in place.
  const made = resourcesOf({ ...after });
  const set = {
    stack,
    name: FORETOLD,
    changes: changesBetween(before ?? {}, { Resources: made }),
    before: before?.Resources ?? {},
    after: made,
  };
  return { stack, deployed: before !== undefined, guarded, judged: judge(set, circumstances) };
}

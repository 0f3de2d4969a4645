import type { Estate } from '../../../lib/gate/estate/estate';
import { ESTATE_RULES } from '../../../lib/gate/estate-rules';
import type { plantedStack } from '../estate/support';

/** Resources of a planted stack, by logical id. */
export type Planted = Parameters<typeof plantedStack>[0];

/** What a rule says of each resource, by logical id; what is not in it does not concern the rule. */
export function verdicts(id: string, estate: Estate): Readonly<Record<string, string>> {
  const rule = ESTATE_RULES.find((one) => one.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return Object.fromEntries(
    [...rule.judge(estate)].map(([{ logicalId }, verdict]) => [
      logicalId,
      verdict === 'compliant' ? verdict : verdict.found,
    ]),
  );
}

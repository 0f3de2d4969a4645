import { computeCases } from './compute';
import { deliveryCases } from './delivery';
import { edgeCases } from './edge';
import { identityCases } from './identity';
import { integrationCases } from './integration';
import { messagingCases } from './messaging';
import { nestingCases } from './nesting';
import { networkCases } from './network';
import { principalCases } from './principals';
import { readableCases } from './readable';
import { storageCases } from './storage';
import { trustCases } from './trust';
import { usersCases } from './users';
import type { RuleCase } from './case';

export type { Properties } from './case';

/** Every rule but those that look at more than one resource; these have tests of their own. */
export const RULE_CASES: readonly RuleCase[] = [
  ...computeCases,
  ...deliveryCases,
  ...edgeCases,
  ...identityCases,
  ...integrationCases,
  ...messagingCases,
  ...nestingCases,
  ...networkCases,
  ...principalCases,
  ...readableCases,
  ...storageCases,
  ...trustCases,
  ...usersCases,
];

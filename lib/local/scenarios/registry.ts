import { BROKEN_HOOKS } from './broken-hooks';
import { BROKEN_VERSIONS } from './broken-versions';
import { INTERRUPTIONS } from './interruptions';
import { SELF_MUTATIONS } from './self-mutations';
import { SURROUNDINGS } from './surroundings';
import type { Scenario } from './model';

/** Everything that a release has to survive. */
export const SCENARIOS: readonly Scenario[] = [
  ...BROKEN_VERSIONS,
  ...BROKEN_HOOKS,
  ...INTERRUPTIONS,
  ...SURROUNDINGS,
  ...SELF_MUTATIONS,
];

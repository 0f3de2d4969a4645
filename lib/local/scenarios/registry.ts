import { BROKEN_VERSIONS } from './broken-versions';
import { INTERRUPTIONS } from './interruptions';
import type { Scenario } from './model';

/** Everything that a release has to survive. */
export const SCENARIOS: readonly Scenario[] = [...BROKEN_VERSIONS, ...INTERRUPTIONS];

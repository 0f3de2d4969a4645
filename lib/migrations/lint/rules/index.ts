import type { Rule } from '../rule';
import { SUPPRESSION_UNEXPLAINED, SUPPRESSION_UNUSED, SYNTAX } from './file';
import { INDEX_RULES } from './indexes';

/** The rules that look at files. */
export const RULES: readonly Rule[] = [...INDEX_RULES];

/** These and what the lint says of a file as a whole. */
export const ALL_RULES: readonly Rule[] = [...RULES, SYNTAX, SUPPRESSION_UNEXPLAINED, SUPPRESSION_UNUSED];

import type { Rule } from '../rule';
import { CODE_RULES } from './code';
import { COLUMN_RULES } from './columns';
import { COMPATIBILITY_RULES } from './compatibility';
import { FILE, FILE_RULES, SUPPRESSION_UNEXPLAINED, SUPPRESSION_UNUSED } from './file';
import { INDEX_RULES } from './indexes';
import { LOCK_RULES } from './locks';
import { REWRITE_RULES } from './rewrites';
import { ROW_RULES } from './rows';
import { SCAN_RULES } from './scans';
import { SECURITY_RULES } from './security';
import { TRANSACTION_RULES } from './transactions';
import { UNDO_RULES } from './undo';

export { FILE, FILE_RULES, SUPPRESSION_UNEXPLAINED, SUPPRESSION_UNUSED } from './file';

/** The rules that look at statements. */
export const RULES: readonly Rule[] = [
  ...INDEX_RULES,
  ...LOCK_RULES,
  ...SCAN_RULES,
  ...REWRITE_RULES,
  ...TRANSACTION_RULES,
  ...COMPATIBILITY_RULES,
  ...ROW_RULES,
  ...UNDO_RULES,
  ...SECURITY_RULES,
  ...CODE_RULES,
  ...COLUMN_RULES,
];

/** These and what is said of a file as a whole. */
export const ALL_RULES: readonly Rule[] = [
  ...RULES,
  ...FILE_RULES,
  ...[FILE, SUPPRESSION_UNEXPLAINED, SUPPRESSION_UNUSED],
];

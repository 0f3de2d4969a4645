import type { Rule } from '../rule';

const nothing = (): [] => [];

/** The grammar refuses the file; the lint's driver raises it. */
export const SYNTAX: Rule = {
  id: 'syntax',
  title: "PostgreSQL's own grammar reads every file.",
  severity: 'error',
  why: 'The file would fail when it is applied, after earlier ones of the same run were.',
  mend: 'Correct the statement at this place; the file may hold SQL only, no psql commands such as \\i.',
  directions: ['up', 'down', 'repeatable'],
  check: nothing,
};

/** A suppression without owner or reason; the lint's driver raises it. */
export const SUPPRESSION_UNEXPLAINED: Rule = {
  id: 'suppression-unexplained',
  title: 'Every lint-ignore names an owner and a reason.',
  severity: 'error',
  why: 'Whoever reads the file later cannot tell a decision from an oversight, nor whom to ask.',
  mend: 'Write -- lint-ignore: <rule> owner=<team> reason="...".',
  directions: ['up', 'down', 'repeatable'],
  check: nothing,
};

/** A suppression that answers for nothing; the lint's driver raises it. */
export const SUPPRESSION_UNUSED: Rule = {
  id: 'suppression-unused',
  title: 'Every lint-ignore answers for a finding of the statement below it.',
  severity: 'error',
  why: 'A left-over suppression hides the next finding of the same rule, which nobody judged.',
  mend: 'Remove it, or put it directly above the statement it concerns and name the rule as the report does.',
  directions: ['up', 'down', 'repeatable'],
  check: nothing,
};

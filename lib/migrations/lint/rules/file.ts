import type { Rule } from '../rule';

type FileRule = Omit<Rule, 'absolute' | 'check' | 'directions' | 'severity'>;

/** What is said of a file as a whole, before or after the rules look at its statements. */
const fileRule = (rule: FileRule): Rule => ({
  ...rule,
  severity: 'error',
  absolute: true,
  directions: ['up', 'down', 'repeatable'],
  check: () => [],
});

/** What the engine refuses about a file, by its code; {@link FILE} takes every code that is not here. */
export const FILE_RULES: readonly Rule[] = [
  fileRule({
    id: 'syntax-error',
    title: "PostgreSQL's own grammar reads every file.",
    why: 'The file would fail when it is applied, after earlier ones of the same run were.',
    mend: 'Correct the statement; the file holds SQL only, no psql commands such as \\i.',
  }),
  fileRule({
    id: 'transaction-statement',
    title: 'No file begins or ends a transaction.',
    why: 'The engine runs the file and its row of the history in one transaction; a COMMIT in between would leave a change that the history does not know.',
    mend: 'Leave it out; transaction=false runs each statement alone.',
  }),
  fileRule({
    id: 'needs-no-transaction',
    title: 'What PostgreSQL refuses inside a transaction stands in a file with transaction=false.',
    why: 'CONCURRENTLY, VACUUM and the like fail with 25001 inside a transaction.',
    mend: 'Add "-- migrate: transaction=false" at the top, and put other statements into a pair of their own.',
    measured:
      'node-pg-migrate 9 fails on such a file in both of its modes; a multi-statement string is one transaction too.',
  }),
  fileRule({
    id: 'missing-approval',
    title: 'Whoever agreed to lose data is named in the file.',
    why: 'A dropped column or table and deleted rows come back only from a snapshot, with what was written since lost.',
    mend: 'Add -- approve: by=<role> ticket=<id> reason="..." at the top, reviewed with the file.',
  }),
  fileRule({
    id: 'bad-backfill',
    title: 'A backfill is one statement between $1 and $2, outside a transaction.',
    why: 'Batches are found by the key: without both bounds each batch changes all rows again.',
    mend: 'Write WHERE ($1::uuid IS NULL OR key > $1) AND key <= $2 with the type of the key, and other statements in a pair of their own.',
    measured:
      'one UPDATE of 3 million rows: worst request 791 to 859 times the baseline; in batches 1.3 to 1.6 times.',
  }),
];

/** Everything else that the engine refuses about a file. */
export const FILE: Rule = fileRule({
  id: 'file',
  title: 'The file says how it wants to be run.',
  why: 'The engine refuses the whole folder while a header is missing or wrong: it does not guess.',
  mend: 'Write the header as docs/migrations.md shows it.',
});

/** A suppression without owner or reason. */
export const SUPPRESSION_UNEXPLAINED: Rule = fileRule({
  id: 'suppression-unexplained',
  title: 'Every lint-ignore names an owner and a reason.',
  why: 'Whoever reads the file later cannot tell a decision from an oversight, nor whom to ask.',
  mend: 'Write -- lint-ignore: <rule> owner=<team> reason="...".',
});

/** A suppression that answers for nothing. */
export const SUPPRESSION_UNUSED: Rule = fileRule({
  id: 'suppression-unused',
  title: 'Every lint-ignore answers for a finding of the statement below it.',
  why: 'A left-over suppression hides the next finding of the same rule, which nobody judged.',
  mend: 'Remove it, or put it directly above the statement it concerns and name the rule as the report does.',
});

import type { Rule } from '../rule';
import { constraintOf } from '../sql/changes';
import { commandsOnOld, constraintsOnOld } from './find';

/** Constraints that read the whole table while they hold it. */
export const SCAN_RULES: readonly Rule[] = [
  {
    id: 'foreign-key-scans',
    title: 'A foreign key on a table that is in use is added NOT VALID first.',
    severity: 'error',
    why: 'ADD FOREIGN KEY reads the whole table while both tables refuse writes; the writers that wait use up the pool, so reads stall too.',
    mend: 'ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT in the next file.',
    measured:
      'on 3 million rows the worst request took 90 to 99 times the baseline, 0.4 times with NOT VALID and VALIDATE.',
    check: ({ script, severityFor }) =>
      constraintsOnOld(script)
        .filter(({ constraint }) => constraint.contype === 'CONSTR_FOREIGN' && !constraint.skip_validation)
        // PostgreSQL does not look at the rows of a new column that is NULL in all of them.
        .filter(({ column }) => !column || constraintOf(column, 'CONSTR_DEFAULT'))
        .map(({ at, table }) => ({
          at,
          message: `The foreign key of ${table} is checked against all rows at once.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'check-constraint-scans',
    title: 'A CHECK on a table that is in use is added NOT VALID first.',
    severity: 'error',
    why: 'ADD CHECK reads the whole table under ACCESS EXCLUSIVE; written at a new column it does so too.',
    mend: 'ADD CONSTRAINT ... CHECK (...) NOT VALID, then VALIDATE CONSTRAINT in the next file.',
    measured:
      'on 3 million rows the worst request took 53 to 59 times the baseline, 0.3 to 0.7 times in two steps.',
    check: ({ script, severityFor }) =>
      constraintsOnOld(script)
        .filter(({ constraint }) => constraint.contype === 'CONSTR_CHECK' && !constraint.skip_validation)
        .map(({ at, table }) => ({
          at,
          message: `The CHECK of ${table} is tested on all rows at once.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'exclusion-constraint',
    title: 'An exclusion constraint is made with its table.',
    severity: 'error',
    why: 'It builds its index under ACCESS EXCLUSIVE, and there is no CONCURRENTLY and no NOT VALID for it.',
    mend: 'Make a new table with the constraint and move the rows in batches.',
    check: ({ script, severityFor }) =>
      constraintsOnOld(script)
        .filter(({ constraint }) => constraint.contype === 'CONSTR_EXCLUSION')
        .map(({ at, table }) => ({
          at,
          message: `The exclusion constraint of ${table} is built while nothing reads or writes it.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'set-not-null-scans',
    title: 'NOT NULL is set once a validated CHECK says the same.',
    severity: 'error',
    why: 'SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, unless a validated CHECK (column IS NOT NULL) spares it that.',
    mend: 'ADD CHECK (column IS NOT NULL) NOT VALID; VALIDATE it in the next file; then SET NOT NULL and drop the CHECK.',
    measured:
      'on 3 million rows the worst request took 45 to 51 times the baseline, 0.3 to 0.4 times in steps.',
    check: ({ script, severityFor }) =>
      commandsOnOld(script)
        .filter(({ command }) => command.subtype === 'AT_SetNotNull')
        .filter(({ at, table, command }) => {
          const checks = [...(at.before.get(table)?.checks.values() ?? [])];
          return !checks.some(({ validated, notNull }) => validated && notNull.includes(command.name ?? ''));
        })
        .map(({ at, table, command }) => ({
          at,
          message: `No validated CHECK says that ${table}.${command.name ?? ''} is not NULL.`,
          severity: severityFor(table),
        })),
  },
  {
    id: 'domain-constraint',
    title: 'A domain has no constraint.',
    severity: 'error',
    why: 'Adding or changing it later reads every table with a column of the domain at once, under locks that the statement does not show.',
    mend: 'Use the base type and a CHECK at each table.',
    check: ({ script }) =>
      script.statements
        .filter(({ node }) => {
          if ('CreateDomainStmt' in node) return (node.CreateDomainStmt.constraints ?? []).length > 0;
          return 'AlterDomainStmt' in node && ['C', 'O', 'V'].includes(node.AlterDomainStmt.subtype ?? '');
        })
        .map((at) => ({ at, message: 'The domain gets a constraint.' })),
  },
];

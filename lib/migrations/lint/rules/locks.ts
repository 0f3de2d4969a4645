import { tableOf } from '../sql/names';
import { all, as } from '../sql/nodes';
import type { Hit, Rule, Subject } from '../rule';
import { commandsOnOld, constraintsOnOld, nodes } from './find';

/** Statements that hold a table while they work. */
export const LOCK_RULES: readonly Rule[] = [
  {
    id: 'vacuum-full',
    title: 'No migration runs VACUUM FULL.',
    severity: 'error',
    why: 'It writes the table anew under ACCESS EXCLUSIVE.',
    mend: 'Leave the space to autovacuum; where it must be given back, use pg_repack outside the migrations.',
    measured: 'on 3 million rows the worst request took 181 to 208 times the baseline.',
    check: ({ script }) =>
      nodes(script, 'VacuumStmt')
        .filter(({ node }) => all(node.options, 'DefElem').some(({ defname }) => defname === 'full'))
        .map(({ at }) => ({ at, message: 'VACUUM FULL rewrites the table.' })),
  },
  {
    id: 'cluster',
    title: 'No migration runs CLUSTER.',
    severity: 'error',
    why: 'It writes the table anew in the order of an index, under ACCESS EXCLUSIVE, and the order does not last.',
    mend: 'Make an index that covers the query instead.',
    check: ({ script }) =>
      nodes(script, 'ClusterStmt').map(({ at }) => ({ at, message: 'CLUSTER rewrites the table.' })),
  },
  {
    id: 'lock-table',
    title: 'No migration locks a table by hand.',
    severity: 'error',
    why: 'LOCK TABLE holds until the transaction ends, whatever it still does, and queues every query behind it.',
    mend: 'Leave it out: each statement takes the lock it needs.',
    check: ({ script }) =>
      nodes(script, 'LockStmt').map(({ at }) => ({ at, message: 'The table is locked by hand.' })),
  },
  {
    id: 'refresh-not-concurrent',
    title: 'A materialized view is refreshed CONCURRENTLY.',
    severity: 'error',
    why: 'REFRESH holds ACCESS EXCLUSIVE on the view until its query is through.',
    mend: 'Give the view a unique index, then REFRESH MATERIALIZED VIEW CONCURRENTLY.',
    check: ({ script, severityFor }) =>
      nodes(script, 'RefreshMatViewStmt')
        .map(({ at, node }) => ({ at, node, view: tableOf(node.relation) }))
        .filter(({ node, view }) => !node.concurrent && !script.made.has(view))
        .map(({ at, view }) => ({
          at,
          message: `${view} is refreshed without CONCURRENTLY.`,
          severity: severityFor(view),
        })),
  },
  {
    id: 'attach-partition-scans',
    title: 'A table that is attached as a partition already proves by a CHECK that its rows belong there.',
    severity: 'error',
    why: 'ATTACH PARTITION reads the whole new partition under ACCESS EXCLUSIVE, and the default partition too, unless a validated CHECK implies the bounds.',
    mend: 'Add CHECK (<bounds>) NOT VALID, VALIDATE it in the next file, then ATTACH and drop the CHECK.',
    check: ({ script }) =>
      commandsOnOld(script).flatMap(({ at, command }) => {
        if (command.subtype !== 'AT_AttachPartition') return [];
        const part = tableOf(as(command.def, 'PartitionCmd')?.name);
        const checks = [...(at.before.get(part)?.checks.values() ?? [])];
        const proven = script.made.has(part) || checks.some(({ validated }) => validated);
        return proven ? [] : [{ at, message: `${part} is attached without a validated CHECK.` }];
      }),
  },
  {
    id: 'detach-partition-not-concurrent',
    title: 'A partition is detached CONCURRENTLY.',
    severity: 'error',
    why: 'DETACH PARTITION takes ACCESS EXCLUSIVE on the parent, which every query of the table needs.',
    mend: 'Write DETACH PARTITION ... CONCURRENTLY in a file with transaction=false.',
    check: ({ script }) =>
      commandsOnOld(script)
        .filter(({ command }) => command.subtype === 'AT_DetachPartition')
        .filter(({ command }) => !as(command.def, 'PartitionCmd')?.concurrent)
        .map(({ at, table }) => ({
          at,
          message: `A partition of ${table} is detached without CONCURRENTLY.`,
        })),
  },
  {
    id: 'create-trigger',
    title: 'A trigger on a table that is in use is known to cost every write.',
    severity: 'info',
    why: 'CREATE TRIGGER takes SHARE ROW EXCLUSIVE, so writes wait for it, and from then on every write of every release runs it, the older one too.',
    mend: 'Keep its function short and free of other tables where you can, and let the file do nothing slow behind it.',
    directions: ['up'],
    check: ({ script }) =>
      nodes(script, 'CreateTrigStmt')
        .filter(({ node }) => !script.made.has(tableOf(node.relation)))
        .map(({ at, node }) => ({
          at,
          message: `Every write of ${tableOf(node.relation)} will run ${node.trigname ?? ''}.`,
        })),
  },
  {
    id: 'disable-trigger',
    title: 'No migration switches triggers off.',
    severity: 'error',
    why: 'Audit rows, signature chains and foreign keys are kept by triggers: what other sessions write meanwhile escapes them, and a failure may leave them off.',
    mend: 'Let the change pass the triggers, or teach the trigger to know it.',
    check: ({ script }) =>
      commandsOnOld(script)
        .filter(({ command }) => /^AT_Disable(Trig|Rule)/.test(command.subtype ?? ''))
        .map(({ at, table }) => ({ at, message: `Triggers of ${table} are switched off.` })),
  },
  {
    id: 'drop-constraint',
    title: 'A constraint is dropped knowingly.',
    severity: 'warning',
    why: 'What it kept out comes in from that moment, and adding it again fails on the rows that did; of a foreign key both tables are locked.',
    mend: 'Say why in a lint-ignore, or make its replacement in the same file under the same name.',
    check: ({ script, partner }: Subject): readonly Hit[] => {
      const made = new Set(
        [script, ...(script.direction === 'down' && partner ? [partner] : [])].flatMap(constraintNames),
      );
      return commandsOnOld(script)
        .filter(({ command }) => command.subtype === 'AT_DropConstraint')
        .filter(({ at, table, command }) => {
          const check = at.before.get(table)?.checks.get(command.name ?? '');
          const helper = commandsOnOld(script).some(
            (other) =>
              other.command.subtype === 'AT_SetNotNull' && check?.notNull.includes(other.command.name ?? ''),
          );
          return !helper && !made.has(`${table}.${command.name ?? ''}`);
        })
        .map(({ at, table, command }) => ({
          at,
          message: `${command.name ?? 'A constraint'} of ${table} is dropped.`,
        }));
    },
  },
];

function constraintNames(script: Parameters<typeof constraintsOnOld>[0]): string[] {
  return constraintsOnOld(script).map(({ table, constraint }) => `${table}.${constraint.conname ?? ''}`);
}

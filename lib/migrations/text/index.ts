import type {
  DriftReport,
  LockHolder,
  MigrationStatus,
  PlannedMigration,
  PlannedStatement,
  PlanReport,
  Problem,
  Report,
  RunReport,
  StatusReport,
} from '../report';
import { countText, durationText, table } from './units';

const ENDS: Readonly<Record<Report['outcome'], string>> = {
  done: 'done',
  continue: 'not finished, run it again',
  refused: 'refused',
  failed: 'failed',
};

/** A report for people, without a line feed at its end. */
export function reportText(report: Report): string {
  const { action, outcome, milliseconds, problems } = report;
  return [
    ...bodyOf(report),
    ...problems.map(problemText),
    `${action}: ${ENDS[outcome]} (${durationText(milliseconds)})`,
  ].join('\n');
}

/** One problem: its place, what is wrong, and how to mend it. */
export function problemText({ code, message, mend, file, line, migration }: Problem): string {
  const place = file === undefined ? migration : [file, line].filter((part) => part !== undefined).join(':');
  // A message may begin with the place by itself.
  const shown = place === undefined || message.startsWith(`${place}:`) ? '' : `${place}: `;
  return `${code}: ${shown}${message}\n  Mend: ${mend}`;
}

function bodyOf(report: Report): readonly string[] {
  switch (report.action) {
    case 'status':
      return statusLines(report);
    case 'plan':
      return planLines(report);
    case 'drift':
      return driftLines(report);
    case 'lock':
      return [report.lock ? `The lock is held by ${holderText(report.lock)}` : 'The lock is free.'];
    case 'compatible':
      return report.outcome === 'done' ? [`Release ${report.release} can serve the schema as it is.`] : [];
    default:
      return runLines(report);
  }
}

function statusLines({ migrations, version, lock }: StatusReport): readonly string[] {
  const head = ['migration', 'phase', 'undo', 'state', 'since (UTC)', 'in words'];
  return [
    ...(migrations.length === 0 ? ['There are no migrations.'] : table([head, ...migrations.map(statusRow)])),
    ...versionLines(version),
    ...(lock ? [`At work now: ${holderText(lock)}`] : []),
  ];
}

function statusRow({
  title,
  phase,
  reversible,
  state,
  at = '',
  words,
  steps,
  rows,
}: MigrationStatus): readonly string[] {
  const progress =
    rows === undefined
      ? steps && `statement ${steps.done} of ${steps.all} done`
      : `${rows.done.toLocaleString('en-GB')} of about ${countText(rows.all, 'row')}`;
  const told = state === 'applied' || progress === undefined ? words : `${words} (${progress})`;
  return [title, phase, reversible, state, at.replace('T', ' ').replace(/(\.\d+)?Z$/, ''), told];
}

function planLines({ migrations, digest, outcome }: PlanReport): readonly string[] {
  if (migrations.length === 0) return outcome === 'done' ? ['Nothing is pending.'] : [];
  const all = migrations.flatMap(({ statements }) => statements);
  const known = all.flatMap(({ estimateMs }) => (estimateMs === undefined ? [] : [estimateMs]));
  const sum = durationText(known.reduce((total, each) => total + each, 0));
  const unknown = all.length - known.length;
  const lossy = migrations.some(({ destructive }) => destructive);
  return [
    ...migrations.flatMap(migrationLines),
    `${countText(migrations.length, 'migration')}, ${countText(all.length, 'statement')}, about ${sum}` +
      (unknown === 0 ? '.' : `, not counting ${countText(unknown, 'statement')} on tables of unknown size.`),
    `Digest ${digest}`,
    ...(lossy ? [`Data is lost: to agree, run up with --approve ${digest}`] : []),
  ];
}

function migrationLines({
  title,
  phase,
  reversible,
  destructive,
  statements,
}: PlannedMigration): readonly string[] {
  return [
    `${title} (${phase}, ${reversible}${destructive ? ', loses data' : ''})`,
    ...statements.flatMap(statementLines),
    '',
  ];
}

function statementLines({ sql, line, locks, rows, estimateMs }: PlannedStatement): readonly string[] {
  const does = ({ rewrites, scans }: PlannedStatement['locks'][number]): string =>
    `${rewrites ? ', writes it anew' : ''}${scans ? ', reads it whole' : ''}`;
  const size = rows === undefined ? [] : [`about ${countText(rows, 'row')}`];
  const time = [estimateMs === undefined ? 'no estimate: size unknown' : `about ${durationText(estimateMs)}`];
  return [
    ...sql.split('\n').map((text, index) => `  ${(index === 0 ? String(line) : '').padStart(4)} | ${text}`),
    ...locks.map((lock) => `       locks ${lock.table}: ${lock.mode}${does(lock)}`),
    `       ${[...size, ...time].join(', ')}`,
  ];
}

function driftLines({ differences, outcome }: DriftReport): readonly string[] {
  if (differences.length === 0) return outcome === 'done' ? ['The schema is as the migrations left it.'] : [];
  return differences.flatMap(({ kind, object, expected, found }) => [
    `${kind} ${object}`,
    `  expected ${expected ?? 'nothing'}`,
    `  found    ${found ?? 'nothing'}`,
  ]);
}

function runLines({ action, steps, version }: RunReport): readonly string[] {
  return [
    ...table(
      steps.map(({ title, direction, outcome, milliseconds, attempts, rows, stallMs = 0 }) => [
        title,
        direction,
        outcome,
        [
          durationText(milliseconds),
          ...(attempts > 1 ? [countText(attempts, 'try', 'tries')] : []),
          ...(rows === undefined ? [] : [countText(rows, 'row')]),
          ...(stallMs > 0 ? [`the application waited at most ${durationText(stallMs)}`] : []),
        ].join(', '),
      ]),
    ),
    ...(steps.length === 0 && action === 'up' ? ['Nothing was applied.'] : []),
    ...versionLines(version),
  ];
}

function versionLines(version: number | undefined): readonly string[] {
  return version === undefined ? [] : [`The schema is at version ${version}.`];
}

function holderText({ application, user, pid, address, sinceMs, state }: LockHolder): string {
  const from = address === undefined ? '' : ` from ${address}`;
  return `${application} (${user}${from}, process ${pid}, ${state}), connected for ${durationText(sinceMs)}.`;
}

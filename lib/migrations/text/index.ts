import type {
  DriftReport,
  LockHolder,
  MigrationStatus,
  PlanReport,
  Problem,
  Report,
  RunReport,
  StatusReport,
} from '../report';

/** A report for people, without a line feed at its end. */
export function reportText(report: Report): string {
  const problems = report.problems.map(problemText);
  return [...bodyOf(report), ...problems, summaryOf(report)].join('\n');
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
      return [report.lock ? `The lock is held: ${holderText(report.lock)}` : 'The lock is free.'];
    default:
      return runLines(report);
  }
}

function statusLines({ migrations, version, lock }: StatusReport): readonly string[] {
  const widths = columns(migrations);
  return [
    `Version ${version}`,
    ...migrations.map(({ title, phase, state, words, at }) =>
      [title.padEnd(widths.title), phase.padEnd(8), state.padEnd(7), at ?? ' '.repeat(24), words].join('  '),
    ),
    ...(lock ? [`Now at work: ${holderText(lock)}`] : []),
  ];
}

function columns(migrations: readonly MigrationStatus[]): { readonly title: number } {
  return { title: Math.max(0, ...migrations.map(({ title }) => title.length)) };
}

function planLines({ migrations, digest }: PlanReport): readonly string[] {
  if (migrations.length === 0) return ['Nothing is pending.'];
  return [
    ...migrations.flatMap(({ title, phase, reversible, destructive, statements }) => [
      `${title} (${phase}, ${reversible}${destructive ? ', loses data' : ''})`,
      ...statements.flatMap(({ sql, line, locks, rows, estimateMs }) => [
        ...sql
          .split('\n')
          .map((text, index) => `  ${index === 0 ? String(line).padStart(4) : '    '} | ${text}`),
        ...locks.map(
          ({ table, mode, rewrites, scans }) =>
            `       locks ${table}: ${mode}${rewrites ? ', writes it anew' : ''}${scans ? ', reads it whole' : ''}`,
        ),
        ...(estimateMs === undefined
          ? []
          : [`       about ${estimateMs} ms${rows === undefined ? '' : ` for about ${rows} rows`}`]),
      ]),
    ]),
    `Digest ${digest}`,
  ];
}

function driftLines({ differences }: DriftReport): readonly string[] {
  return differences.map(
    ({ kind, object, expected, found }) =>
      `${kind} ${object}: expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`,
  );
}

function runLines({ steps, version }: RunReport): readonly string[] {
  return [
    ...steps.map(({ title, direction, outcome, milliseconds, attempts, rows, stallMs }) =>
      [
        `${title} ${direction} ${outcome} in ${milliseconds} ms`,
        ...(attempts > 1 ? [`${attempts} tries`] : []),
        ...(rows === undefined ? [] : [`${rows} rows`]),
        ...(stallMs === undefined || stallMs === 0 ? [] : [`the application waited ${stallMs} ms`]),
      ].join(', '),
    ),
    `Version ${version}`,
  ];
}

function problemText({ code, message, mend }: Problem): string {
  return `${code}: ${message}\n  ${mend}`;
}

function holderText({ application, user, pid, address, sinceMs, state }: LockHolder): string {
  const from = address === undefined ? '' : ` from ${address}`;
  return `${application} (${user}${from}, process ${pid}, ${state}), connected for ${Math.round(sinceMs / 1000)} s.`;
}

function summaryOf({ action, outcome, milliseconds }: Report): string {
  const words = {
    done: 'done',
    continue: 'not finished, run it again',
    refused: 'refused',
    failed: 'failed',
  };
  return `${action}: ${words[outcome]} (${milliseconds} ms)`;
}

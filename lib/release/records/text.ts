import { elapsed } from '../deployment/narrate';
import type { DeliveryMetrics } from './metrics';
import type { ReleaseRecord } from './model';

/** The history as people read it, newest first, two lines and more for each. */
export function historyText(records: readonly ReleaseRecord[], environment: string): string {
  if (records.length === 0) return `Nothing was released to ${environment} yet.`;
  return records.map(entry).join('\n');
}

function entry(record: ReleaseRecord): string {
  const { startedAt, endedAt, version, commit, kind, outcome, by, approver, digest, cause, alarms } = record;
  const took = elapsed(Date.parse(endedAt) - Date.parse(startedAt));
  const phases = record.phases.map(({ name, seconds }) => `${name} ${elapsed(seconds * 1_000)}`).join(', ');
  const details = [
    `commit ${commit === '' ? 'unknown' : commit}${digest === undefined ? '' : `, image ${digest.slice(0, 19)}`}`,
    `by ${by}${approver === undefined ? '' : `, approved by ${approver}`}`,
    ...(phases === '' ? [] : [phases]),
    ...(record.migrations.length === 0 ? [] : [`migrations ${record.migrations.join(', ')}`]),
    ...(cause === undefined ? [] : [`because ${cause}`]),
    ...(alarms.length === 0 ? [] : [`alarms ${alarms.join(', ')}`]),
  ];
  const head = `${startedAt.slice(0, 19)}Z  ${outcome.padEnd(11)} ${kind.padEnd(8)} ${version === '' ? 'unknown version' : version}  in ${took}`;
  return [head, ...details.map((line) => `    ${line}`)].join('\n');
}

/** The measures as people read them. */
export function metricsText(metrics: DeliveryMetrics): string {
  const { days, releases, deploymentsPerDay, changeFailureRate, leadTimeSeconds, timeToRestoreSeconds } =
    metrics;
  const none = 'nothing to measure';
  const duration = (seconds: number | undefined): string =>
    seconds === undefined ? none : elapsed(seconds * 1_000);
  const rows = [
    ['lead time', `${duration(leadTimeSeconds)} (median, commit to all traffic)`],
    ['deployment frequency', `${deploymentsPerDay.toFixed(2)} a day`],
    [
      'change failure rate',
      changeFailureRate === undefined ? none : `${(changeFailureRate * 100).toFixed(1)} %`,
    ],
    ['time to restore', `${duration(timeToRestoreSeconds)} (median)`],
  ] as const;
  return [
    `${releases} releases in ${days} days`,
    ...rows.map(([name, value]) => `  ${name.padEnd(22)}${value}`),
  ].join('\n');
}

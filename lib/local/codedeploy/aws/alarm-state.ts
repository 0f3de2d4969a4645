import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../ports';

/** Values of an alarm's metric by period, the newest first; nothing where a period has none. */
export type Points = readonly (number | undefined)[];

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/**
 * State of an alarm, as CloudWatch documents it: M of the last N periods, and what is made of periods without a value.
 * The emulator's own state looks at neither dimensions nor periods.
 */
export function stateOf(alarm: MetricAlarm, points: Points): AlarmState {
  const breaches = COMPARISONS[alarm.ComparisonOperator ?? ''];
  const { EvaluationPeriods: periods = 1, Threshold: threshold = 0, TreatMissingData: missing } = alarm;
  if (breaches === undefined) return 'INSUFFICIENT_DATA';
  const wanted = alarm.DatapointsToAlarm ?? periods;
  const last = Array.from({ length: periods }, (_, index) => points[index]);
  const known = last.filter((value) => value !== undefined);
  if (known.length === 0 && missing !== 'breaching' && missing !== 'notBreaching')
    return missing === 'ignore' ? 'OK' : 'INSUFFICIENT_DATA';
  const bad =
    known.filter((value) => breaches(value, threshold)).length +
    (missing === 'breaching' ? periods - known.length : 0);
  return bad >= wanted ? 'ALARM' : 'OK';
}

/**
 * State of an alarm while its newest period is under way: that may hold nothing yet of what the one before it was full
 * of, so an alarm that was active up to the last whole period still is.
 */
export function stateNow(alarm: MetricAlarm, points: Points): AlarmState {
  const whole = stateOf(alarm, points.slice(1));
  return whole === 'ALARM' ? whole : stateOf(alarm, points);
}

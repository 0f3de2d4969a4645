import * as logs from 'aws-cdk-lib/aws-logs';

/**
 * A number of days as the library's enumeration has it.
 * @throws Error when CloudWatch Logs does not offer that number; the configuration's schema refuses it earlier
 */
export function logRetention(days: number): logs.RetentionDays {
  const offered = Object.values(logs.RetentionDays).filter((value) => typeof value === 'number');
  const found = offered.find((value) => String(value) === String(days));
  if (found === undefined) throw new Error(`CloudWatch Logs keeps nothing for exactly ${days} days`);
  return found;
}

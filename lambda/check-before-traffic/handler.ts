import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { parseEnvironment } from '../shared/environment';
import { releaseHook } from '../shared/release-hook';
import { tracer } from '../shared/telemetry';
import { fetchOnTestListener } from '../shared/test-listener';
import { checkBeforeTrafficSchema } from './env';

const environment = parseEnvironment(checkBeforeTrafficSchema);
const cloudWatch = tracer.captureAWSv3Client(new CloudWatchClient());

/** What the API says of the schema that it found, and whether it can work with it. */
const readiness = z.looseObject({ status: z.string(), schemaVersion: z.int().optional() });

/** The last gate: the new version knows the schema it finds, and database and queues are well. */
export const handler = releaseHook(async ({ signal }) => [
  ...(await schemaProblems(signal)),
  ...(await alarmProblems()),
]);

async function schemaProblems(signal: AbortSignal): Promise<readonly string[]> {
  const fetch = await fetchOnTestListener(environment);
  const response = await fetch('https://test-listener/health/ready', { signal });
  const { data } = readiness.safeParse(await response.json());
  if (response.status === 200 && data?.status === 'ready') return [];
  return [`the new version is not ready on schema ${data?.schemaVersion ?? 'unknown'} (${response.status})`];
}

async function alarmProblems(): Promise<readonly string[]> {
  const names = environment.ALARMS.split(',');
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  const found = [...MetricAlarms, ...CompositeAlarms];
  const missing = names.filter((name) => !found.some(({ AlarmName }) => AlarmName === name));
  return [
    ...missing.map((name) => `the alarm ${name} is not there`),
    ...found
      .filter(({ StateValue }) => StateValue === 'ALARM')
      .map(({ AlarmName }) => `the alarm ${AlarmName ?? ''} is on`),
  ];
}

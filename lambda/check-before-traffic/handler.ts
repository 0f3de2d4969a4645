import {
  CloudWatchClient,
  type DescribeAlarmsCommandInput,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { parseEnvironment } from '../shared/environment';
import { releaseHook } from '../shared/release-hook';
import { fetchOn, type Listener } from '../shared/listener';
import { tracer } from '../shared/telemetry';
import { checkBeforeTrafficSchema } from './env';

type Environment = z.output<typeof checkBeforeTrafficSchema>;

const cloudWatch = tracer.captureAWSv3Client(new CloudWatchClient());

/** What the API says of the schema that it found, and whether it can work with it. */
const readiness = z.looseObject({ status: z.string(), schemaVersion: z.int().optional() });

/** The last gate: the new version knows the schema it finds, and database and queues are well. */
export const handler = releaseHook(async ({ signal }) => {
  const environment = parseEnvironment(checkBeforeTrafficSchema);
  return [
    ...(await schemaProblems(environment, signal)),
    ...(await namedProblems(environment)),
    ...(await queueProblems(environment)),
  ];
});

async function schemaProblems(listener: Listener, signal: AbortSignal): Promise<readonly string[]> {
  const fetch = await fetchOn(listener);
  const response = await fetch('https://test-listener/health/ready', { signal });
  const { data } = readiness.safeParse(await response.json());
  if (response.status === 200 && data?.status === 'ready') return [];
  return [`the new version is not ready on schema ${data?.schemaVersion ?? 'unknown'} (${response.status})`];
}

/** Each has to be there: one that was renamed or deleted would let everything pass. */
async function namedProblems({ ALARMS }: Environment): Promise<readonly string[]> {
  const names = ALARMS.split(',');
  const found = await alarms({ AlarmNames: names });
  const missing = names.filter((name) => !found.some(({ AlarmName }) => AlarmName === name));
  return [...missing.map((name) => `the alarm ${name} is not there`), ...found.flatMap(problemsOf)];
}

async function queueProblems({ QUEUE_ALARMS: AlarmNamePrefix }: Environment): Promise<readonly string[]> {
  const found = (await alarms({ AlarmNamePrefix })).filter(({ Namespace }) => Namespace === 'AWS/SQS');
  if (found.length === 0) return [`no alarm ${AlarmNamePrefix}… watches a queue`];
  return found.flatMap(problemsOf);
}

async function alarms(
  which: Pick<DescribeAlarmsCommandInput, 'AlarmNames' | 'AlarmNamePrefix'>,
): Promise<readonly MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch }, which))
    found.push(...MetricAlarms);
  return found;
}

/**
 * What speaks against going on. An alarm without data is right where missing data is none of its business, such as that
 * of a queue that nothing is in; anywhere else nobody knows, which lets nothing pass.
 */
function problemsOf({ AlarmName = '', StateValue, TreatMissingData }: MetricAlarm): readonly string[] {
  if (StateValue === 'OK') return [];
  if (StateValue === 'ALARM') return [`the alarm ${AlarmName} is on`];
  return TreatMissingData === 'notBreaching' ? [] : [`the alarm ${AlarmName} has no data`];
}

import { PutMetricDataCommand, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import { deliveryMetrics, type DeliveryMetrics } from './metrics';
import { RELEASE_EVENT, RELEASE_METRICS, type ReleaseRecord } from './model';
import { putRecord, readRecords } from './store';

/** Where records go. */
export interface RecordPlaces {
  /** Name of the table. */
  readonly table: string;
  /** Name of the event bus. */
  readonly bus: string;
}

/** How long a release that is over goes on trying to tell of itself, in milliseconds. */
const FOR_MS = 20_000;
/** Days that the published measures are over. */
const DAYS = 30;
const DAY_MS = 86_400_000;
/** Far more than anybody releases in {@link DAYS}. */
const MOST = 1_000;

/**
 * Keeps a record, tells the bus of it and publishes the measures with it. The release is over by then, so what goes wrong
 * here is told and changes nothing.
 */
export async function keepRecord(
  clients: Pick<ReleaseClients, 'dynamoDb' | 'eventBridge' | 'cloudWatch'>,
  places: RecordPlaces,
  record: ReleaseRecord,
  { clock, progress }: Pick<Patience, 'clock' | 'progress'>,
): Promise<void> {
  const patience = { clock, progress, forMs: FOR_MS };
  const attempt = async <T>(what: string, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      progress(`${what}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
      return undefined;
    }
  };
  const fresh = await attempt(`The record of the ${record.kind} could not be kept`, () =>
    putRecord(clients, places.table, record, patience),
  );
  // Another watcher of the same deployment told of it.
  if (fresh === false) return;
  await attempt(`The bus ${places.bus} could not be told`, () =>
    tellBus(clients, places.bus, record, patience),
  );
  await attempt('The measures could not be published', () =>
    publish(clients, places.table, record, patience),
  );
}

async function tellBus(
  { eventBridge }: Pick<ReleaseClients, 'eventBridge'>,
  bus: string,
  record: ReleaseRecord,
  patience: Patience,
): Promise<void> {
  const { FailedEntryCount = 0, Entries } = await persist(
    'EventBridge',
    () =>
      eventBridge.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: bus,
              Source: RELEASE_EVENT.source,
              DetailType: RELEASE_EVENT.detailType,
              Detail: JSON.stringify(record),
              Resources: [record.taskDefinition],
            },
          ],
        }),
      ),
    patience,
  );
  if (FailedEntryCount > 0) throw new Error(Entries?.[0]?.ErrorMessage ?? 'it took no event');
}

async function publish(
  clients: Pick<ReleaseClients, 'dynamoDb' | 'cloudWatch'>,
  table: string,
  { environment, endedAt }: ReleaseRecord,
  patience: Patience,
): Promise<void> {
  const since = new Date(Date.parse(endedAt) - DAYS * DAY_MS);
  const records = await readRecords(clients, table, { environment, limit: MOST, since }, patience);
  await persist(
    'CloudWatch',
    () =>
      clients.cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: RELEASE_METRICS,
          MetricData: data(deliveryMetrics(records, DAYS), environment, new Date(endedAt)),
        }),
      ),
    patience,
  );
}

function data(metrics: DeliveryMetrics, environment: string, at: Date): MetricDatum[] {
  const values = [
    ['LeadTime', metrics.leadTimeSeconds, 'Seconds'],
    ['DeploymentsPerDay', metrics.deploymentsPerDay, 'Count'],
    [
      'ChangeFailureRate',
      metrics.changeFailureRate === undefined ? undefined : metrics.changeFailureRate * 100,
      'Percent',
    ],
    ['TimeToRestore', metrics.timeToRestoreSeconds, 'Seconds'],
  ] as const;
  return values.flatMap(([MetricName, Value, Unit]) =>
    Value === undefined
      ? []
      : [
          {
            MetricName,
            Value,
            Unit,
            Timestamp: at,
            Dimensions: [{ Name: 'Environment', Value: environment }],
          },
        ],
  );
}

import { PutMetricDataCommand, type CloudWatchClient, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import { dimensionOf } from './model';
import type { TargetPool } from './target-pool';

interface Statistic {
  samples: number;
  sum: number;
  least: number;
  most: number;
  /** How often each value came; only of what has percentiles. */
  readonly values?: Map<number, number>;
}

/** The one metric whose alarms ask for percentiles, which CloudWatch makes of single values only. */
const WITH_PERCENTILES = 'TargetResponseTime';
/** Values that CloudWatch takes in one datum; its documented limit. */
const MOST_VALUES = 150;

/** CloudWatch takes at most this many in one PutMetricData call; its documented limit is 1,000. */
const BATCH = 500;

/** Gathers a load balancer's metrics and publishes them as ELB does, in `AWS/ApplicationELB`. */
export class Metrics {
  private gathered = new Map<string, Statistic>();

  constructor(private readonly client: Pick<CloudWatchClient, 'send'>) {}

  /** Adds to a metric of the load balancer and, when a target group is named, to the same of the pair. */
  record(metric: string, value: number, loadBalancerArn: string, targetGroupArn?: string): void {
    this.add([metric, loadBalancerArn, ''], value);
    if (targetGroupArn !== undefined) this.add([metric, loadBalancerArn, targetGroupArn], value);
  }

  /** Publishes what was gathered since the last call, and how many hosts are well at this moment. */
  async publish(pools: Iterable<TargetPool>): Promise<void> {
    for (const pool of pools)
      for (const loadBalancer of pool.current.loadBalancerArns) {
        // A target that is new or leaves is neither.
        const count = (wanted: string): number => pool.all().filter(({ state }) => state === wanted).length;
        this.add(['HealthyHostCount', loadBalancer, pool.current.arn], count('healthy'));
        this.add(['UnHealthyHostCount', loadBalancer, pool.current.arn], count('unhealthy'));
      }
    const { gathered } = this;
    this.gathered = new Map();
    const now = new Date();
    const data = [...gathered].flatMap(([key, statistic]) => datums(key, statistic, now));
    for (let at = 0; at < data.length; at += BATCH)
      await this.client.send(
        new PutMetricDataCommand({ Namespace: 'AWS/ApplicationELB', MetricData: data.slice(at, at + BATCH) }),
      );
  }

  private add(
    key: readonly [metric: string, loadBalancer: string, targetGroup: string],
    value: number,
  ): void {
    const name = key.join(' ');
    const found = this.gathered.get(name);
    if (found === undefined) {
      this.gathered.set(name, {
        samples: 1,
        sum: value,
        least: value,
        most: value,
        ...(key[0] === WITH_PERCENTILES ? { values: new Map([[rounded(value), 1]]) } : {}),
      });
      return;
    }
    found.samples += 1;
    found.sum += value;
    found.least = Math.min(found.least, value);
    found.most = Math.max(found.most, value);
    const { values } = found;
    values?.set(rounded(value), (values.get(rounded(value)) ?? 0) + 1);
  }
}

/** To two digits, so that few values stand for many requests. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}

function datums(key: string, statistic: Statistic, time: Date): MetricDatum[] {
  const [metric = '', loadBalancer = '', targetGroup = ''] = key.split(' ');
  const common: MetricDatum = {
    MetricName: metric,
    Timestamp: time,
    Unit: metric === WITH_PERCENTILES ? 'Seconds' : 'Count',
    Dimensions: [
      ...(targetGroup === '' ? [] : [{ Name: 'TargetGroup', Value: dimensionOf(targetGroup) }]),
      { Name: 'LoadBalancer', Value: dimensionOf(loadBalancer) },
    ],
  };
  const values = [...(statistic.values ?? [])];
  if (values.length === 0) {
    const { samples: SampleCount, sum: Sum, least: Minimum, most: Maximum } = statistic;
    return [{ ...common, StatisticValues: { SampleCount, Sum, Minimum, Maximum } }];
  }
  const parts = Array.from({ length: Math.ceil(values.length / MOST_VALUES) }, (_, index) =>
    values.slice(index * MOST_VALUES, (index + 1) * MOST_VALUES),
  );
  return parts.map((part) => ({
    ...common,
    Values: part.map(([value]) => value),
    Counts: part.map(([, count]) => count),
  }));
}

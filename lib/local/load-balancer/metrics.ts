import { PutMetricDataCommand, type CloudWatchClient, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import { dimensionOf } from './model';
import type { TargetPool } from './target-pool';

interface Statistic {
  samples: number;
  sum: number;
  least: number;
  most: number;
}

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
        const count = (healthy: boolean): number =>
          pool.all().filter(({ state }) => state !== 'draining' && (state === 'healthy') === healthy).length;
        this.add(['HealthyHostCount', loadBalancer, pool.current.arn], count(true));
        this.add(['UnHealthyHostCount', loadBalancer, pool.current.arn], count(false));
      }
    const { gathered } = this;
    this.gathered = new Map();
    const now = new Date();
    const data = [...gathered].map(([key, statistic]) => datum(key, statistic, now));
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
      this.gathered.set(name, { samples: 1, sum: value, least: value, most: value });
      return;
    }
    found.samples += 1;
    found.sum += value;
    found.least = Math.min(found.least, value);
    found.most = Math.max(found.most, value);
  }
}

function datum(key: string, statistic: Statistic, time: Date): MetricDatum {
  const [metric = '', loadBalancer = '', targetGroup = ''] = key.split(' ');
  return {
    MetricName: metric,
    Timestamp: time,
    Unit: metric === 'TargetResponseTime' ? 'Seconds' : 'Count',
    Dimensions: [
      ...(targetGroup === '' ? [] : [{ Name: 'TargetGroup', Value: dimensionOf(targetGroup) }]),
      { Name: 'LoadBalancer', Value: dimensionOf(loadBalancer) },
    ],
    StatisticValues: {
      SampleCount: statistic.samples,
      Sum: statistic.sum,
      Minimum: statistic.least,
      Maximum: statistic.most,
    },
  };
}

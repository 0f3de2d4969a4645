import {
  type CloudWatchClient,
  type Datapoint,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { callSupervisor, type Control } from '../../supervisor';
import type { Alarms, AlarmState } from '../ports';
import { type Points, stateNow } from './alarm-state';

/** The emulator's alarms, judged by what the load balancer and others have published there. */
export class LocalAlarms implements Alarms {
  /**
   * @param alarmSpeed - how many times shorter than defined an alarm's periods are; sums are held to a threshold
   *   that is as many times smaller
   */
  constructor(
    private readonly cloudwatch: CloudWatchClient,
    private readonly control: () => Control,
    private readonly alarmSpeed: () => number,
  ) {}

  async states(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>> {
    await callSupervisor(this.control(), 'publish');
    const { MetricAlarms = [], CompositeAlarms = [] } = await this.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    );
    const told = new Map<string, AlarmState>(
      CompositeAlarms.map(({ AlarmName = '', StateValue = 'OK' }) => [AlarmName, StateValue]),
    );
    await Promise.all(
      MetricAlarms.map(async (alarm) => told.set(alarm.AlarmName ?? '', await this.judge(alarm))),
    );
    const absent = names.filter((name) => !told.has(name));
    if (absent.length > 0) throw new Error(`There is no alarm ${absent.join(', ')}.`);
    return told;
  }

  private async judge(alarm: MetricAlarm): Promise<AlarmState> {
    const { Namespace, MetricName, Dimensions, Period = 60, EvaluationPeriods: periods = 1 } = alarm;
    // One over metric math keeps no metric in the emulator: its own word is all there is.
    if (Namespace === undefined || MetricName === undefined) return alarm.StateValue ?? 'INSUFFICIENT_DATA';
    const seconds = Math.max(1, Math.round(Period / this.alarmSpeed()));
    const now = Math.ceil(Date.now() / 1000);
    const begin = (index: number): number => (Math.floor(now / seconds) - index) * seconds;
    const { Statistic, ExtendedStatistic } = alarm;
    const { Datapoints = [] } = await this.cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions,
        StartTime: new Date(begin(periods) * 1000),
        EndTime: new Date((now + 1) * 1000),
        Period: seconds,
        ...(ExtendedStatistic === undefined
          ? { Statistics: [Statistic ?? 'Average'] }
          : { ExtendedStatistics: [ExtendedStatistic] }),
      }),
    );
    const valueOf = (point: Datapoint): number | undefined =>
      ExtendedStatistic === undefined
        ? point[Statistic ?? 'Average']
        : point.ExtendedStatistics?.[ExtendedStatistic];
    const points: Points = Array.from({ length: periods + 1 }, (_, index) => {
      const from = begin(index);
      const found = Datapoints.find(({ Timestamp }) => {
        const at = (Timestamp?.getTime() ?? 0) / 1000;
        return at >= from && at < from + seconds;
      });
      return found === undefined ? undefined : valueOf(found);
    });
    const counted = Statistic === 'Sum' || Statistic === 'SampleCount';
    const Threshold = (alarm.Threshold ?? 0) * (counted ? seconds / Period : 1);
    return stateNow({ ...alarm, Threshold }, points);
  }
}

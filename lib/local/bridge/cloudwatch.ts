import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { bridge, type Identity, type Made } from './contract';

const cloudwatch = new CloudWatchClient();

function alarm(name: string, { account, region }: Identity): Made {
  return { id: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` } };
}

async function remove(id: string): Promise<void> {
  await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
}

const actions = z.object({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: z.boolean().optional(),
  AlarmActions: z.array(z.string()).optional(),
  OKActions: z.array(z.string()).optional(),
  InsufficientDataActions: z.array(z.string()).optional(),
});

const composite = bridge(
  actions.extend({
    AlarmRule: z.string(),
    ActionsSuppressor: z.string().optional(),
    ActionsSuppressorWaitPeriod: z.number().optional(),
    ActionsSuppressorExtensionPeriod: z.number().optional(),
  }),
  {
    create: async (properties, identity) => {
      const AlarmName = properties.AlarmName ?? identity.name;
      await cloudwatch.send(new PutCompositeAlarmCommand({ ...properties, AlarmName }));
      return alarm(AlarmName, identity);
    },
    remove,
  },
);

/** An alarm over metric math, which the template's own way refuses. */
const mathAlarm = bridge(
  actions.extend({
    ComparisonOperator: z.string(),
    EvaluationPeriods: z.number(),
    DatapointsToAlarm: z.number().optional(),
    Threshold: z.number().optional(),
    TreatMissingData: z.string().optional(),
    Metrics: z.array(z.looseObject({ Id: z.string() })),
  }),
  {
    create: async (properties, identity) => {
      const AlarmName = properties.AlarmName ?? identity.name;
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          ...(properties as Omit<PutMetricAlarmCommandInput, 'AlarmName'>),
          Metrics: properties.Metrics,
          AlarmName,
        }),
      );
      return alarm(AlarmName, identity);
    },
    remove,
  },
);

/** CloudWatch's types. */
export const bridges = {
  'AWS::CloudWatch::CompositeAlarm': composite,
  'AWS::CloudWatch::Alarm': mathAlarm,
};

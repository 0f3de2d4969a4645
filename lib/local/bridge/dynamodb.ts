import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutResourcePolicyCommand,
  type SSESpecification,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { bridge, present } from './contract';

const dynamodb = new DynamoDBClient();

const properties = z.object({
  Id: z.string(),
  PointInTimeRecoverySpecification: z
    .object({
      PointInTimeRecoveryEnabled: z.boolean().optional(),
      RecoveryPeriodInDays: z.number().optional(),
    })
    .optional(),
  SSESpecification: z
    .object({
      SSEEnabled: z.boolean(),
      SSEType: z.string().optional(),
      KMSMasterKeyId: z.string().optional(),
    })
    .optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  ResourcePolicy: z.object({ PolicyDocument: z.json() }).optional(),
});

async function apply(given: z.output<typeof properties>): Promise<void> {
  const TableName = given.Id;
  const recovery = given.PointInTimeRecoverySpecification;
  if (recovery)
    await dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: recovery.PointInTimeRecoveryEnabled === true,
          RecoveryPeriodInDays: recovery.RecoveryPeriodInDays,
        },
      }),
    );
  if (given.SSESpecification)
    await dynamodb.send(
      new UpdateTableCommand({
        TableName,
        SSESpecification: {
          Enabled: given.SSESpecification.SSEEnabled,
          SSEType: given.SSESpecification.SSEType as SSESpecification['SSEType'],
          KMSMasterKeyId: given.SSESpecification.KMSMasterKeyId,
        },
      }),
    );
  const timeToLive = given.TimeToLiveSpecification;
  if (timeToLive && !(await hasTimeToLive(TableName, timeToLive)))
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: timeToLive }));
  if (given.ResourcePolicy) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    await dynamodb.send(
      new PutResourcePolicyCommand({
        ResourceArn: present(Table?.TableArn, 'table ARN'),
        Policy: JSON.stringify(given.ResourcePolicy.PolicyDocument),
      }),
    );
  }
}

/** Setting what is set already is an error of DynamoDB's. */
async function hasTimeToLive(
  TableName: string,
  wanted: { AttributeName: string; Enabled: boolean },
): Promise<boolean> {
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  return (
    (TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') === wanted.Enabled &&
    TimeToLiveDescription?.AttributeName === wanted.AttributeName
  );
}

const table = bridge(properties, {
  create: async (given) => {
    await apply(given);
    return { id: `${given.Id}|properties` };
  },
});

/** What the template's own way drops of a table. */
export const bridges = { 'reconcile:AWS::DynamoDB::Table': table };

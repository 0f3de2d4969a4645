import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Environment } from '../config/schema';

/** What a function needs to append to the audit table and no more: put an item, through DynamoDB's use of the key. */
export function appendToAudit(
  { region }: Environment,
  table: dynamodb.ITable,
  key: kms.IKey,
): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'AppendToAudit',
      actions: ['dynamodb:PutItem'],
      resources: [table.tableArn],
    }),
    new iam.PolicyStatement({
      sid: 'UseAuditKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
    }),
  ];
}

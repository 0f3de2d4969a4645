import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { Data } from '../data/data-stack';

/** Folder of the documents bucket that the API reads and writes; the rest of the bucket is not its own. */
export const DOCUMENTS_FOLDER = 'patients';

/** What the API uses a key for, through another service only. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];

/** What the permissions are made from. */
export interface ApiPermissionsProps {
  /** The environment they hold in. */
  readonly environment: Environment;
  /** The data stores that are opened. */
  readonly data: Data;
  /** The role that is allowed. */
  readonly role: iam.IRole;
}

/**
 * What the API may do with data: sign in to the database as its own role, read and write two tables by key or
 * index but never scan them, append to the audit table, and keep documents in one folder.
 */
export class ApiPermissions extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, props: ApiPermissionsProps) {
    const { environment, data, role } = props;
    const { account, region } = environment;
    const { database, tables, buckets, keys } = data;
    const tableArns = (table: dynamodb.ITable): string[] => [table.tableArn, `${table.tableArn}/index/*`];
    const useKey = (sid: string, key: kms.IKey, ...services: string[]): iam.PolicyStatement =>
      new iam.PolicyStatement({
        sid,
        actions: KEY_ACTIONS,
        resources: [key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': services.map((s) => `${s}.${region}.amazonaws.com`) },
        },
      });

    super(scope, id, {
      description: `telehealth ${environment.name}: what the API may do with data`,
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'SignInToDatabase',
          actions: ['rds-db:connect'],
          resources: [
            `arn:aws:rds-db:${region}:${account}:dbuser:${database.resourceId}/${database.apiUser}`,
          ],
        }),
        new iam.PolicyStatement({
          sid: 'UseTables',
          actions: [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:Query',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
            'dynamodb:DeleteItem',
            'dynamodb:ConditionCheckItem',
          ],
          resources: [...tableArns(tables.provisionalPatients), ...tableArns(tables.clinicianApplications)],
        }),
        new iam.PolicyStatement({
          sid: 'AppendToAudit',
          actions: ['dynamodb:PutItem'],
          resources: [tables.auditEvents.tableArn],
        }),
        // Said again as a refusal, so that no later policy on the role can undo it.
        new iam.PolicyStatement({
          sid: 'NeverChangeAudit',
          effect: iam.Effect.DENY,
          actions: [
            'dynamodb:UpdateItem',
            'dynamodb:DeleteItem',
            'dynamodb:BatchWriteItem',
            'dynamodb:PartiQLInsert',
            'dynamodb:PartiQLUpdate',
            'dynamodb:PartiQLDelete',
          ],
          resources: tableArns(tables.auditEvents),
        }),
        new iam.PolicyStatement({
          sid: 'KeepDocuments',
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [buckets.documents.arnForObjects(`${DOCUMENTS_FOLDER}/*`)],
        }),
        useKey('UsePhiKey', keys.phi, 'dynamodb', 's3'),
        useKey('UsePiiKey', keys.pii, 'dynamodb'),
        useKey('UseAuditKey', keys.audit, 'dynamodb'),
      ],
    });
  }
}

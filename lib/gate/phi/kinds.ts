import type { Entity } from '../estate/estate';
import { arnOf, databaseIdOf, masterSecretOf } from '../estate/names';
import { at, type Json, list } from '../template-rules/values';

/** One way to come to what a store holds: every part of it is needed, and one action of each part is enough. */
export interface Way {
  /** What it is, in words that follow a principal. */
  readonly words: string;
  /** The actions, one of which is needed, and what they are on. */
  readonly needs: readonly {
    readonly actions: readonly string[];
    readonly on: (store: Entity) => string;
    /** Whether the store's own policy speaks about it too. */
    readonly policy?: boolean;
  }[];
  /** Which key the caller has to be able to use, by its property, and by which service; absent where the service does. */
  readonly key?: { readonly of: (properties: Json) => unknown; readonly via: string };
}

/** A kind of store: where its settings stand, and how it is read. */
export interface Kind {
  /** Its key, as the template names it. */
  readonly key: (properties: Json) => unknown;
  /** Its own policy document. */
  readonly policy?: (properties: Json) => unknown;
  /** Ways to what it holds. */
  readonly ways: readonly Way[];
}

const part =
  (suffix: string) =>
  (store: Entity): string =>
    `${arnOf(store)}${suffix}`;
const read = (
  actions: readonly string[],
  on: (store: Entity) => string = arnOf,
  key?: Way['key'],
): readonly Way[] => [{ words: 'reads it', needs: [{ actions, on, policy: true }], ...(key && { key }) }];

const TABLE_READS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'Scan',
  'PartiQLSelect',
  'ExportTableToPointInTime',
].map((action) => `dynamodb:${action}`);

const bucketKey = (properties: Json): unknown =>
  list(at(properties['BucketEncryption'], 'ServerSideEncryptionConfiguration'))
    .map((rule) => at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'))
    .find((key) => key !== undefined);
const tableKey = (properties: Json): unknown =>
  at(properties['SSESpecification'], 'KMSMasterKeyId') ??
  list(properties['Replicas'])
    .map((replica) => at(replica, 'SSESpecification', 'KMSMasterKeyId'))
    .find((key) => key !== undefined);
const property =
  (name: string) =>
  (properties: Json): unknown =>
    properties[name];

const database = (restores: readonly string[]): Kind => ({
  key: property('KmsKeyId'),
  ways: [
    {
      words: 'signs in to it',
      needs: [
        {
          actions: ['rds-db:connect'],
          on: (store) => `arn:aws:rds-db:${store.region}:${store.account}:dbuser:${databaseIdOf(store)}/*`,
        },
      ],
    },
    {
      words: 'takes the password of its master user',
      needs: [{ actions: ['secretsmanager:GetSecretValue'], on: masterSecretOf }],
      key: { of: (properties) => at(properties, 'MasterUserSecret', 'KmsKeyId'), via: 'secretsmanager' },
    },
    {
      words: 'queries it through the data API',
      needs: [{ actions: ['rds-data:ExecuteStatement'], on: arnOf }],
    },
    { words: 'restores a copy of it', needs: [{ actions: restores, on: arnOf }] },
  ],
});

const table: Kind = {
  key: tableKey,
  policy: (properties) =>
    at(properties['ResourcePolicy'], 'PolicyDocument') ??
    list(properties['Replicas'])
      .map((replica) => at(replica, 'ResourcePolicy', 'PolicyDocument'))
      .find((document) => document !== undefined),
  ways: read(TABLE_READS, arnOf, { of: tableKey, via: 'dynamodb' }),
};

/**
 * The kinds of stores that are known, with the actions that give out what they hold. Source: Service Authorization
 * Reference, the actions with access level Read on data.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::RDS::DBCluster': database(['rds:RestoreDBClusterFromSnapshot', 'rds:RestoreDBClusterToPointInTime']),
  'AWS::RDS::DBInstance': database([
    'rds:RestoreDBInstanceFromDBSnapshot',
    'rds:RestoreDBInstanceToPointInTime',
  ]),
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::S3::Bucket': {
    key: bucketKey,
    ways: read(['s3:GetObject', 's3:GetObjectVersion'], part('/*'), { of: bucketKey, via: 's3' }),
  },
  'AWS::SQS::Queue': {
    key: property('KmsMasterKeyId'),
    ways: read(['sqs:ReceiveMessage'], arnOf, { of: property('KmsMasterKeyId'), via: 'sqs' }),
  },
  'AWS::SNS::Topic': { key: property('KmsMasterKeyId'), ways: read(['sns:Subscribe']) },
  'AWS::SecretsManager::Secret': {
    key: property('KmsKeyId'),
    ways: read(['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'], arnOf, {
      of: property('KmsKeyId'),
      via: 'secretsmanager',
    }),
  },
  'AWS::Logs::LogGroup': {
    key: property('KmsKeyId'),
    ways: read(
      ['GetLogEvents', 'FilterLogEvents', 'StartQuery', 'StartLiveTail', 'CreateExportTask'].map(
        (action) => `logs:${action}`,
      ),
    ),
  },
  'AWS::Backup::BackupVault': {
    key: property('EncryptionKeyArn'),
    policy: property('AccessPolicy'),
    ways: [
      {
        words: 'copies its recovery points out',
        needs: [{ actions: ['backup:CopyFromBackupVault', 'backup:StartCopyJob'], on: arnOf, policy: true }],
      },
    ],
  },
  'AWS::Cognito::UserPool': {
    key: () => undefined,
    ways: read(['cognito-idp:AdminGetUser', 'cognito-idp:ListUsers', 'cognito-idp:ListUsersInGroup']),
  },
  'AWS::Kinesis::Stream': {
    key: (properties) => at(properties['StreamEncryption'], 'KeyId'),
    ways: read(['kinesis:GetRecords', 'kinesis:SubscribeToShard'], arnOf, {
      of: (properties) => at(properties['StreamEncryption'], 'KeyId'),
      via: 'kinesis',
    }),
  },
  'AWS::ElastiCache::ReplicationGroup': {
    key: property('KmsKeyId'),
    ways: read(['elasticache:Connect']),
  },
  'AWS::EFS::FileSystem': {
    key: property('KmsKeyId'),
    policy: property('FileSystemPolicy'),
    ways: read(['elasticfilesystem:ClientMount']),
  },
  'AWS::OpenSearchService::Domain': {
    key: (properties) => at(properties['EncryptionAtRestOptions'], 'KmsKeyId'),
    policy: property('AccessPolicies'),
    ways: read(['es:ESHttpGet', 'es:ESHttpPost'], part('/*')),
  },
};

/** Types that keep data and that no permission of this map is known for: who reads them counts as unknown. */
export const OTHER_STORES: readonly string[] = [
  'AWS::DocDB::DBCluster',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::FSx::FileSystem',
  'AWS::MemoryDB::Cluster',
  'AWS::Neptune::DBCluster',
  'AWS::Redshift::Cluster',
  'AWS::Timestream::Table',
];

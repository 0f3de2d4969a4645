import type { Json } from '../../template-rules/values';

const allow = (Action: readonly string[], Resource: string, via?: readonly string[]): Json => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(via && {
    Condition: { StringLike: { 'kms:ViaService': via.map((name) => `${name}.*.amazonaws.com`) } },
  }),
});
const GRANT: Json = {
  Effect: 'Allow',
  Action: 'kms:CreateGrant',
  Resource: '*',
  Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
};
const TABLES = 'arn:aws:dynamodb:*:*:table/*';

/**
 * What the policies that AWS manages allow, as far as it touches data, keys or audit; every other of them is taken to
 * allow everything. Source: AWS Managed Policy Reference Guide, read on 2026-11-28 (AWSBackupServiceRolePolicyForBackup
 * v29, ForRestores v35, ForS3Backup v5, ForS3Restore v2). AWS changes them without asking.
 */
const KNOWN: Readonly<Record<string, readonly Json[]>> = {
  'service-role/AmazonRDSEnhancedMonitoringRole': [
    allow(['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], 'arn:aws:logs:*:*:log-group:RDS*'),
    allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
      'arn:aws:logs:*:*:log-group:RDS*:log-stream:*',
    ),
  ],
  'service-role/AWSBackupServiceRolePolicyForBackup': [
    allow(['dynamodb:CreateBackup', 'dynamodb:StartAwsBackupJob', 'dynamodb:DescribeTable'], TABLES),
    allow(['dynamodb:DeleteBackup'], `${TABLES}/backup/*`),
    allow(['rds:CreateDBClusterSnapshot', 'rds:CopyDBClusterSnapshot', 'rds:CreateDBSnapshot'], '*'),
    allow(['rds:ModifyDBCluster'], 'arn:aws:rds:*:*:cluster:*'),
    allow(['rds:ModifyDBInstance'], 'arn:aws:rds:*:*:db:*'),
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], '*', ['dynamodb']),
    GRANT,
  ],
  'service-role/AWSBackupServiceRolePolicyForRestores': [
    allow(['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'], TABLES),
    allow(['dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'], TABLES),
    allow(['dynamodb:RestoreTableFromBackup', 'dynamodb:RestoreTableFromAwsBackup'], TABLES),
    allow(['rds:RestoreDBClusterFromSnapshot', 'rds:RestoreDBClusterToPointInTime'], '*'),
    allow(['rds:RestoreDBInstanceFromDBSnapshot', 'rds:RestoreDBInstanceToPointInTime'], '*'),
    allow(['rds:DeleteDBCluster', 'rds:DeleteDBInstance'], '*'),
    allow(['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:GenerateDataKey'], '*', [
      ...['dynamodb', 'ec2', 'elasticfilesystem', 'rds', 'redshift'],
      ...['dsql', 'redshift-serverless'],
    ]),
    GRANT,
  ],
  AWSBackupServiceRolePolicyForS3Backup: [
    allow(['s3:GetObject', 's3:GetObjectVersion'], 'arn:aws:s3:::*/*'),
    allow(['s3:PutBucketNotification', 's3:PutInventoryConfiguration', 's3:ListBucket'], 'arn:aws:s3:::*'),
    allow(['kms:Decrypt', 'kms:DescribeKey'], '*', ['s3']),
  ],
  AWSBackupServiceRolePolicyForS3Restore: [
    allow(['s3:PutBucketVersioning', 's3:PutBucketOwnershipControls'], 'arn:aws:s3:::*'),
    allow(['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObject'], 'arn:aws:s3:::*/*'),
    allow(['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectVersionAcl'], 'arn:aws:s3:::*/*'),
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], '*', ['s3']),
  ],
  'service-role/AWSLambdaBasicExecutionRole': [
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*'),
  ],
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*'),
  ],
  'service-role/AmazonECSTaskExecutionRolePolicy': [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '*'),
  ],
};

const EVERYTHING = { Statement: [allow(['*'], '*')] };

/** What a policy that AWS manages allows, by its ARN; everything where it is not known here. */
export function awsManagedPolicy(arn: string): Json {
  const known = KNOWN[arn.replace(/^arn:[^:]*:iam::aws:policy\//, '')];
  return known ? { Statement: known } : EVERYTHING;
}

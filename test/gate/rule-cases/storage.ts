import { KEY, keyed, type Properties, type RuleCase } from './case';

const BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const PITR = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
const by = (ServerSideEncryptionByDefault: Properties): Properties => ({
  BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] },
});

/** Cases of the rules in lib/gate/template-rules/storage.ts. */
export const storageCases: readonly RuleCase[] = [
  {
    rule: 'TemplateS3Versioned',
    type: 'AWS::S3::Bucket',
    good: [{ VersioningConfiguration: { Status: 'Enabled' } }],
    bad: [{}, { VersioningConfiguration: { Status: 'Suspended' } }],
  },
  {
    rule: 'TemplateS3PublicAccessBlocked',
    type: 'AWS::S3::Bucket',
    good: [{ PublicAccessBlockConfiguration: BLOCKED }],
    bad: [{}, { PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicAcls: false } }],
  },
  {
    rule: 'TemplateS3Encrypted',
    type: 'AWS::S3::Bucket',
    good: [by({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY })],
    bad: [
      {},
      by({ SSEAlgorithm: 'AES256' }),
      by({ SSEAlgorithm: 'aws:kms' }),
      by({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' }),
    ],
  },
  {
    rule: 'TemplateDynamoDbRecovery',
    type: 'AWS::DynamoDB::Table',
    good: [PITR],
    bad: [{}, { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }],
  },
  {
    rule: 'TemplateDynamoDbRecovery',
    type: 'AWS::DynamoDB::GlobalTable',
    good: [{ Replicas: [PITR, PITR] }],
    bad: [{}, PITR, { Replicas: [PITR, {}] }],
  },
  {
    rule: 'TemplateDynamoDbEncrypted',
    type: 'AWS::DynamoDB::Table',
    good: [{ SSESpecification: { SSEType: 'KMS', KMSMasterKeyId: KEY } }],
    bad: [{}, { SSESpecification: { SSEType: 'KMS' } }],
  },
  {
    rule: 'TemplateDynamoDbEncrypted',
    type: 'AWS::DynamoDB::GlobalTable',
    good: [
      { SSESpecification: { SSEType: 'KMS' }, Replicas: [{ SSESpecification: { KMSMasterKeyId: KEY } }] },
    ],
    bad: [{ SSESpecification: { SSEType: 'KMS' }, Replicas: [{}] }],
  },
  {
    rule: 'TemplateRdsEncrypted',
    type: 'AWS::RDS::DBCluster',
    good: [{ StorageEncrypted: true, KmsKeyId: KEY }],
    bad: [{}, { StorageEncrypted: true }, { StorageEncrypted: false, KmsKeyId: KEY }],
  },
  keyed('TemplateBackupVaultEncrypted', 'AWS::Backup::BackupVault', 'EncryptionKeyArn'),
  {
    rule: 'TemplateRdsTlsOnly',
    type: 'AWS::RDS::DBClusterParameterGroup',
    good: [{ Family: 'aurora-postgresql17', Parameters: { 'rds.force_ssl': '1' } }],
    bad: [{ Family: 'aurora-postgresql17' }, { Family: 'postgres17', Parameters: { 'rds.force_ssl': 0 } }],
    otherwise: { Family: 'aurora-mysql8.0' },
  },
  {
    rule: 'TemplateDynamoDbProtected',
    type: 'AWS::DynamoDB::Table',
    production: true,
    good: [{ DeletionProtectionEnabled: true }],
    bad: [{}],
  },
  {
    rule: 'TemplateDynamoDbProtected',
    type: 'AWS::DynamoDB::GlobalTable',
    production: true,
    good: [{ Replicas: [{ DeletionProtectionEnabled: true }] }],
    bad: [{}, { Replicas: [{ DeletionProtectionEnabled: true }, {}] }],
  },
  {
    rule: 'TemplateCacheEncrypted',
    type: 'AWS::ElastiCache::ReplicationGroup',
    good: [{ AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true, KmsKeyId: KEY }],
    bad: [
      {},
      { AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true },
      { AtRestEncryptionEnabled: true, KmsKeyId: KEY },
    ],
  },
];

import { locked, long, off, on, onByItself, ranked, type Strength, there } from './strength';

/** A setting that keeps what a resource holds. */
export interface Protection {
  /** Where it stands; `*` goes through a list. */
  readonly at: string;
  /** How strong it is. */
  readonly strength: Strength;
  /** What a weaker one does, as the end of a sentence. */
  readonly harm: string;
}

const PUBLIC = 'it may be opened to everybody';
const FOR_EVER = Infinity;
const PLAIN = 'what is written from then on is not encrypted with its key';

const BLOCK = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const LOCK = 'ObjectLockConfiguration.Rule.DefaultRetention';
const UNLOCKED = 'objects can be deleted earlier';
const RULES = 'BackupPlan.BackupPlanRule.*';
const RECOVERY = 'PointInTimeRecoverySpecification';
const NO_RECOVERY = 'it cannot be taken back to an earlier moment';

const DATABASE: readonly Protection[] = [
  { at: 'BackupRetentionPeriod', strength: long(1), harm: 'older backups are deleted' },
  { at: 'PubliclyAccessible', strength: off, harm: 'it gets an address in the internet' },
  { at: 'StorageEncrypted', strength: on, harm: 'what it stores is not encrypted' },
  { at: 'EnableCloudwatchLogsExports.*', strength: there, harm: 'such logs are not kept' },
];

/**
 * What protects data without being asked whether the resource stays: versions, backups, encryption, retention, records of
 * who did what. Deletion and replacement are judged for themselves, as are the days after which a bucket's objects expire.
 */
export const PROTECTIONS: Readonly<Record<string, readonly Protection[]>> = {
  'AWS::Backup::BackupPlan': [
    { at: RULES, strength: there, harm: 'it makes no such backups any more' },
    {
      at: `${RULES}.Lifecycle.DeleteAfterDays`,
      strength: long(FOR_EVER),
      harm: 'backups are deleted earlier',
    },
    { at: `${RULES}.EnableContinuousBackup`, strength: on, harm: NO_RECOVERY },
  ],
  'AWS::Backup::BackupSelection': [
    { at: 'BackupSelection.Resources.*', strength: there, harm: 'it is not backed up any more' },
    {
      at: 'BackupSelection.ListOfTags.*',
      strength: there,
      harm: 'what has the tag is not backed up any more',
    },
  ],
  'AWS::Backup::BackupVault': [
    { at: 'LockConfiguration', strength: there, harm: 'its backups can be deleted' },
    {
      at: 'LockConfiguration.MinRetentionDays',
      strength: long(0),
      harm: 'its backups can be deleted earlier',
    },
  ],
  'AWS::CloudTrail::Trail': [
    { at: 'IsLogging', strength: on, harm: 'no call is recorded any more' },
    { at: 'IsMultiRegionTrail', strength: on, harm: 'calls in other regions are not recorded' },
    {
      at: 'IncludeGlobalServiceEvents',
      strength: onByItself,
      harm: 'calls of global services are not recorded',
    },
    { at: 'EnableLogFileValidation', strength: on, harm: 'nobody sees whether a record was altered' },
  ],
  'AWS::Cognito::UserPool': [
    {
      at: 'MfaConfiguration',
      strength: ranked([undefined, 'OFF'], ['OPTIONAL'], ['ON']),
      harm: 'a password is enough to sign in',
    },
  ],
  'AWS::DynamoDB::GlobalTable': [
    { at: `Replicas.*.${RECOVERY}.PointInTimeRecoveryEnabled`, strength: on, harm: NO_RECOVERY },
    {
      at: 'TimeToLiveSpecification.Enabled',
      strength: off,
      harm: 'items are deleted when their time is over',
    },
  ],
  'AWS::DynamoDB::Table': [
    { at: `${RECOVERY}.PointInTimeRecoveryEnabled`, strength: on, harm: NO_RECOVERY },
    { at: `${RECOVERY}.RecoveryPeriodInDays`, strength: long(35), harm: 'it can be taken back less far' },
    { at: 'SSESpecification.SSEEnabled', strength: on, harm: PLAIN },
    {
      at: 'TimeToLiveSpecification.Enabled',
      strength: off,
      harm: 'items are deleted when their time is over',
    },
  ],
  'AWS::KMS::Key': [
    { at: 'Enabled', strength: onByItself, harm: 'nothing that it encrypted can be read' },
    { at: 'EnableKeyRotation', strength: on, harm: 'its material stays the same for ever' },
    { at: 'PendingWindowInDays', strength: long(30), harm: 'there is less time to take its deletion back' },
  ],
  'AWS::Kinesis::Stream': [
    { at: 'RetentionPeriodHours', strength: long(24), harm: 'records that nobody read are deleted earlier' },
  ],
  'AWS::Logs::LogGroup': [
    { at: 'RetentionInDays', strength: long(FOR_EVER), harm: 'older logs are deleted' },
    { at: 'KmsKeyId', strength: there, harm: PLAIN },
  ],
  'AWS::RDS::DBCluster': DATABASE,
  'AWS::RDS::DBInstance': DATABASE,
  'AWS::S3::Bucket': [
    {
      at: 'VersioningConfiguration.Status',
      strength: ranked([undefined, 'Suspended'], ['Enabled']),
      harm: 'what is overwritten or deleted is lost',
    },
    ...BLOCK.map((name) => ({ at: `PublicAccessBlockConfiguration.${name}`, strength: on, harm: PUBLIC })),
    {
      at: 'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.SSEAlgorithm',
      strength: ranked([undefined], ['AES256'], ['aws:kms'], ['aws:kms:dsse']),
      harm: PLAIN,
    },
    { at: 'ObjectLockEnabled', strength: on, harm: UNLOCKED },
    { at: `${LOCK}.Mode`, strength: ranked([undefined], ['GOVERNANCE'], ['COMPLIANCE']), harm: UNLOCKED },
    { at: LOCK, strength: locked, harm: UNLOCKED },
  ],
  'AWS::SQS::Queue': [
    {
      at: 'MessageRetentionPeriod',
      strength: long(345_600),
      harm: 'messages that nobody took are deleted earlier',
    },
  ],
};

/** What makes copies or records, with what ends when it leaves its stack. */
export const KEEPERS: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupPlan': 'Its backups are not made any more.',
  'AWS::Backup::BackupSelection': 'What it selects is not backed up any more.',
  'AWS::CloudTrail::Trail': 'No call is recorded any more.',
  'AWS::EC2::FlowLog': 'The network records no connection any more.',
};

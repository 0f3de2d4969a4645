import type { Place } from './places';
import { locked, long, off, often, on, onByItself, ownKey, ranked, type Strength, there } from './strength';

/** A setting that keeps what a resource holds. */
export interface Protection {
  /** Where it stands; `*` goes through a list. As steps where a name has points in it. */
  readonly at: string | Place;
  /** How strong it is. */
  readonly strength: Strength;
  /** What a weaker one does, as the end of a sentence. */
  readonly harm: string;
}

const PUBLIC = 'it may be opened to everybody';
const FOR_EVER = Infinity;
const PLAIN = 'what is written from then on is not encrypted with its key';

const BLOCK = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const ENCRYPTION = 'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault';
const LOCK = 'ObjectLockConfiguration.Rule.DefaultRetention';
const UNLOCKED = 'objects can be deleted earlier';
const RULES = 'BackupPlan.BackupPlanRule.*';
const RECOVERY = 'PointInTimeRecoverySpecification';
const NO_RECOVERY = 'it cannot be taken back to an earlier moment';

const ITEMS_STAY: Protection = {
  at: 'TimeToLiveSpecification.Enabled',
  strength: off,
  harm: 'items are deleted when their time is over',
};

const DATABASE: readonly Protection[] = [
  { at: 'BackupRetentionPeriod', strength: long(1), harm: 'older backups are deleted' },
  { at: 'PubliclyAccessible', strength: off, harm: 'it gets an address in the internet' },
  { at: 'StorageEncrypted', strength: on, harm: 'what it stores is not encrypted' },
  { at: 'EnableCloudwatchLogsExports.*', strength: there, harm: 'such logs are not kept' },
  {
    at: 'EnableIAMDatabaseAuthentication',
    strength: on,
    harm: 'passwords that last take the place of short-lived tokens',
  },
  ...['DBClusterParameterGroupName', 'DBParameterGroupName'].map((at) => ({
    ...{ at, strength: there, harm: 'it takes the parameters that its engine comes with' },
  })),
];

/** What a group of parameters asks; an engine's own value is not told. */
const PARAMETERS: readonly Protection[] = ['rds.force_ssl', 'require_secure_transport'].map((name) => ({
  at: ['Parameters', name],
  strength: ranked([0, '0', 'OFF'], [1, '1', 'ON']),
  harm: 'connections may be made without TLS',
}));

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
    {
      at: 'AdminCreateUserConfig.AllowAdminCreateUserOnly',
      strength: on,
      harm: 'anybody may make an account',
    },
  ],
  'AWS::DynamoDB::GlobalTable': [
    { at: `Replicas.*.${RECOVERY}.PointInTimeRecoveryEnabled`, strength: on, harm: NO_RECOVERY },
    { at: 'Replicas.*.SSESpecification.KMSMasterKeyId', strength: ownKey, harm: PLAIN },
    { at: 'SSESpecification.SSEEnabled', strength: on, harm: PLAIN },
    ITEMS_STAY,
  ],
  'AWS::DynamoDB::Table': [
    { at: `${RECOVERY}.PointInTimeRecoveryEnabled`, strength: on, harm: NO_RECOVERY },
    { at: `${RECOVERY}.RecoveryPeriodInDays`, strength: long(35), harm: 'it can be taken back less far' },
    { at: 'SSESpecification.SSEEnabled', strength: on, harm: PLAIN },
    { at: 'SSESpecification.KMSMasterKeyId', strength: ownKey, harm: PLAIN },
    ITEMS_STAY,
  ],
  'AWS::KMS::Key': [
    { at: 'Enabled', strength: onByItself, harm: 'nothing that it encrypted can be read' },
    { at: 'EnableKeyRotation', strength: on, harm: 'its material stays the same for ever' },
    { at: 'PendingWindowInDays', strength: long(30), harm: 'there is less time to take its deletion back' },
  ],
  'AWS::Kinesis::Stream': [
    { at: 'RetentionPeriodHours', strength: long(24), harm: 'records that nobody read are deleted earlier' },
    { at: 'StreamEncryption.KeyId', strength: ownKey, harm: PLAIN },
  ],
  'AWS::Logs::LogGroup': [
    { at: 'RetentionInDays', strength: long(FOR_EVER), harm: 'older logs are deleted' },
    { at: 'KmsKeyId', strength: ownKey, harm: PLAIN },
  ],
  'AWS::RDS::DBCluster': DATABASE,
  'AWS::RDS::DBClusterParameterGroup': PARAMETERS,
  'AWS::RDS::DBInstance': DATABASE,
  'AWS::RDS::DBParameterGroup': PARAMETERS,
  'AWS::S3::Bucket': [
    {
      at: 'VersioningConfiguration.Status',
      strength: ranked([undefined, 'Suspended'], ['Enabled']),
      harm: 'what is overwritten or deleted is lost',
    },
    ...BLOCK.map((name) => ({ at: `PublicAccessBlockConfiguration.${name}`, strength: on, harm: PUBLIC })),
    {
      at: 'AccessControl',
      strength: ranked(
        ['AuthenticatedRead', 'PublicRead', 'PublicReadWrite'],
        [
          undefined,
          'AwsExecRead',
          'BucketOwnerFullControl',
          'BucketOwnerRead',
          'LogDeliveryWrite',
          'Private',
        ],
      ),
      harm: PUBLIC,
    },
    { at: `${ENCRYPTION}.KMSMasterKeyID`, strength: ownKey, harm: PLAIN },
    {
      at: `${ENCRYPTION}.SSEAlgorithm`,
      strength: ranked([undefined], ['AES256'], ['aws:kms'], ['aws:kms:dsse']),
      harm: PLAIN,
    },
    { at: 'ObjectLockEnabled', strength: on, harm: UNLOCKED },
    { at: `${LOCK}.Mode`, strength: ranked([undefined], ['GOVERNANCE'], ['COMPLIANCE']), harm: UNLOCKED },
    { at: LOCK, strength: locked, harm: UNLOCKED },
  ],
  'AWS::SNS::Topic': [{ at: 'KmsMasterKeyId', strength: ownKey, harm: PLAIN }],
  'AWS::SQS::Queue': [
    { at: 'KmsMasterKeyId', strength: ownKey, harm: PLAIN },
    {
      at: 'MessageRetentionPeriod',
      strength: long(345_600),
      harm: 'messages that nobody took are deleted earlier',
    },
  ],
  'AWS::SecretsManager::RotationSchedule': [
    {
      at: 'RotationRules.AutomaticallyAfterDays',
      strength: often,
      harm: 'the secret stays the same for longer',
    },
  ],
  'AWS::SecretsManager::Secret': [{ at: 'KmsKeyId', strength: ownKey, harm: PLAIN }],
};

/** What makes copies, records or new passwords, with what ends when it leaves its stack. */
export const KEEPERS: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupPlan': 'Its backups are not made any more.',
  'AWS::Backup::BackupSelection': 'What it selects is not backed up any more.',
  'AWS::CloudTrail::Trail': 'No call is recorded any more.',
  'AWS::EC2::FlowLog': 'The network records no connection any more.',
  'AWS::SecretsManager::RotationSchedule': 'The secret stays the same for ever.',
};

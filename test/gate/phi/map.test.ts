import { phiMapOf } from '../../../lib/gate/phi/map';
import { backupOf } from '../../../lib/gate/phi/backups';
import { calledOf, retentionOf, storesOf } from '../../../lib/gate/phi/stores';
import { allow, att, bucket, key, plantedStack, role, tagged } from '../estate/support';

type Json = Readonly<Record<string, unknown>>;

/** One store of a type, by itself. */
function retention(type: string, properties: Json): string {
  const [store] = storesOf(plantedStack({ Store: [type, properties] }));
  if (!store) throw new Error(`${type} is no store`);
  return retentionOf(store);
}

test.each<[string, string, Json, string]>([
  ['a bare bucket', 'AWS::S3::Bucket', {}, 'no versions'],
  [
    'a lifecycle rule that is off',
    'AWS::S3::Bucket',
    { LifecycleConfiguration: { Rules: [{ Status: 'Disabled', ExpirationInDays: 1 }] } },
    'no versions',
  ],
  [
    'an Object Lock in years',
    'AWS::S3::Bucket',
    {
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Years: 7 } } },
    },
    'Object Lock governance 7 years; versioned',
  ],
  ['a log group for ever', 'AWS::Logs::LogGroup', {}, 'for ever'],
  ['a log group of days', 'AWS::Logs::LogGroup', { RetentionInDays: 731 }, '731 days (2 years)'],
  ['a queue as AWS makes it', 'AWS::SQS::Queue', {}, '4 days'],
  ['a queue of seconds', 'AWS::SQS::Queue', { MessageRetentionPeriod: 86_400 }, '1 day'],
  ['a vault without a lock', 'AWS::Backup::BackupVault', {}, 'no lock'],
  [
    'a table with nothing',
    'AWS::DynamoDB::Table',
    {},
    'until deleted; no point-in-time recovery; no deletion protection',
  ],
  [
    'a global table that one replica protects',
    'AWS::DynamoDB::GlobalTable',
    {
      TimeToLiveSpecification: { Enabled: true },
      Replicas: [{ Region: 'us-east-1', DeletionProtectionEnabled: true }],
    },
    'until the item says; no point-in-time recovery; deletion protection',
  ],
  ['a pool without protection', 'AWS::Cognito::UserPool', {}, 'until deleted; no deletion protection'],
  ['what nothing is known of', 'AWS::FSx::FileSystem', {}, 'not known'],
])('how long %s keeps what it holds', (_, type, properties, words) => {
  expect(retention(type, properties)).toBe(words);
});

describe('backup', () => {
  const PLAN = {
    BackupPlan: {
      BackupPlanRule: [
        {
          RuleName: 'Daily',
          Lifecycle: { DeleteAfterDays: 35 },
          CopyActions: [
            { DestinationBackupVaultArn: 'arn:aws:backup:us-west-2:222222222222:backup-vault:copy' },
          ],
        },
      ],
    },
  };
  const backups = (selection: Json, properties: Json = tagged('PHI')): string => {
    const estate = plantedStack({
      Bucket: ['AWS::S3::Bucket', properties],
      Plan: ['AWS::Backup::BackupPlan', PLAN],
      Selection: [
        'AWS::Backup::BackupSelection',
        { BackupPlanId: { Ref: 'Plan' }, BackupSelection: selection },
      ],
    });
    const [store] = storesOf(estate);
    if (!store) throw new Error('there is no store');
    return backupOf(estate, store);
  };

  test('a store that is named, or that has the tag, is backed up by the rules of the plan', () => {
    const words = 'Daily, kept 35 days; copied to copy in us-west-2, kept for ever';
    expect(backups({ Resources: [att('Bucket')] })).toBe(words);
    expect(backups({ ListOfTags: [{ ConditionKey: 'DataClassification', ConditionValue: 'PHI' }] })).toBe(
      words,
    );
  });

  test('one that is excluded, or that has another tag, is not', () => {
    expect(backups({ Resources: ['*'], NotResources: ['arn:aws:s3:::*'] })).toBe('none');
    expect(
      backups(
        { ListOfTags: [{ ConditionKey: 'DataClassification', ConditionValue: 'PHI' }] },
        tagged('Internal'),
      ),
    ).toBe('none');
  });

  test('a database tells of its own backups', () => {
    const estate = plantedStack({ Cluster: ['AWS::RDS::DBCluster', { BackupRetentionPeriod: 7 }] });
    expect(storesOf(estate).map((store) => backupOf(estate, store))).toEqual(['its own, kept 7 days']);
  });
});

test('the map sorts by what may hold health data, and says who reads, who decrypts and by which key', () => {
  const estate = plantedStack({
    Key: key(),
    Bucket: bucket(),
    Plain: ['AWS::S3::Bucket', { ...tagged('Internal'), BucketName: 'site' }],
    Unknown: ['AWS::SQS::Queue', { KmsMasterKeyId: 'arn:aws:kms:us-east-1:999999999999:key/other' }],
    Reader: role(allow('s3:GetObject', { 'Fn::Join': ['', [att('Bucket'), '/*']] }), allow('kms:*', '*')),
  });
  const { stores, flows, services } = phiMapOf(new Map([['Dev', estate]]));
  expect(
    stores.map(({ path, name, classification, key: by, rotation }) => [
      path,
      name,
      classification,
      by,
      rotation,
    ]),
  ).toEqual([
    ['Data/Bucket', 'Bucket', 'PHI', 'Data/Key', 'every year'],
    ['Data/Unknown', 'Unknown', 'unclassified', 'of another template', 'not known'],
    ['Data/Plain', 'site', 'Internal', 'none', 'not known'],
  ]);
  const [phi, , plain] = stores;
  expect(phi?.readers).toEqual([
    { name: 'Data/Reader', how: 'reads it', assumedBy: ['lambda.amazonaws.com'] },
  ]);
  expect(phi?.decryptors.map(({ name }) => name)).toEqual(['Data/Reader', 'arn:aws:iam::111111111111:root']);
  expect([plain?.readers, plain?.decryptors]).toEqual([[], []]);
  expect(flows.filter(({ encrypted }) => !encrypted).map(({ environment, to }) => [environment, to])).toEqual(
    [
      ['Dev', 'Data/Bucket'],
      ['Dev', 'Data/Unknown'],
    ],
  );
  expect(services.used.map(({ service, standing }) => [service, standing])).toContainEqual([
    'Amazon SQS',
    'eligible',
  ]);
});

test('a store is called by its written name, else by its logical id', () => {
  const estate = plantedStack({
    Named: ['AWS::SQS::Queue', { QueueName: 'visits' }],
    Made: ['AWS::SQS::Queue', {}],
  });
  expect(storesOf(estate).map(calledOf)).toEqual(['visits', 'Made']);
});

import { guardText } from '../../../lib/release/guard/text';
import { change, findings, leave, look } from '../support/change-sets';

type Properties = Readonly<Record<string, unknown>>;

const judged = (Type: string, was: Properties, is: Properties) =>
  findings([change({ type: Type })], { It: { Type, Properties: was } }, { It: { Type, Properties: is } });

const block = (more: object = {}) => ({
  PublicAccessBlockConfiguration: {
    ...{
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    ...more,
  },
});
const encrypted = (SSEAlgorithm: string) => ({
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm } }],
  },
});
const ALGORITHM =
  'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm';
const locked = (Mode: string, more: object) => ({
  ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode, ...more } } },
});
const recovery = (PointInTimeRecoveryEnabled: boolean) => ({
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
});
const plan = (...rules: readonly (readonly [string, number?])[]) => ({
  BackupPlan: {
    BackupPlanRule: rules.map(([RuleName, DeleteAfterDays]) => ({
      RuleName,
      ...(DeleteAfterDays !== undefined && { Lifecycle: { DeleteAfterDays } }),
    })),
  },
});
const selection = (...Resources: unknown[]) => ({ BackupSelection: { Resources } });
const TABLE = { 'Fn::GetAtt': ['Table', 'Arn'] };
const vault = (LockConfiguration?: object) => ({ BackupVaultName: 'v', LockConfiguration });
const expiring = (TimeToLiveSpecification?: object) => ({ TimeToLiveSpecification });

const weaker = (type: string, was: Properties, is: Properties, ...needs: string[]) => ({
  ...{ type, was, is, needs },
});
const WEAKER = [
  weaker(
    'AWS::S3::Bucket',
    { VersioningConfiguration: { Status: 'Enabled' } },
    { VersioningConfiguration: { Status: 'Suspended' } },
    'take VersioningConfiguration.Status from Enabled to Suspended',
  ),
  weaker(
    'AWS::S3::Bucket',
    block(),
    block({ BlockPublicPolicy: false }),
    'take PublicAccessBlockConfiguration.BlockPublicPolicy from true to false',
  ),
  weaker(
    'AWS::S3::Bucket',
    block({ IgnorePublicAcls: false, BlockPublicAcls: false }),
    {},
    'take PublicAccessBlockConfiguration.BlockPublicPolicy from true to unset',
    'take PublicAccessBlockConfiguration.RestrictPublicBuckets from true to unset',
  ),
  weaker('AWS::S3::Bucket', encrypted('aws:kms'), {}, `take ${ALGORITHM} from aws:kms to unset`),
  weaker(
    'AWS::S3::Bucket',
    encrypted('aws:kms'),
    encrypted('AES256'),
    `take ${ALGORITHM} from aws:kms to AES256`,
  ),
  weaker(
    'AWS::S3::Bucket',
    locked('COMPLIANCE', { Days: 30 }),
    locked('GOVERNANCE', { Days: 30 }),
    'take ObjectLockConfiguration.Rule.DefaultRetention.Mode from COMPLIANCE to GOVERNANCE',
  ),
  weaker(
    'AWS::S3::Bucket',
    locked('COMPLIANCE', { Years: 1 }),
    locked('COMPLIANCE', { Days: 364 }),
    'take ObjectLockConfiguration.Rule.DefaultRetention from {"Mode":"COMPLIANCE","Years":1} to {"Days":364,"Mode":"COMPLIANCE"}',
  ),
  weaker('AWS::S3::Bucket', { ObjectLockEnabled: true }, {}, 'take ObjectLockEnabled from true to unset'),
  weaker(
    'AWS::Logs::LogGroup',
    { RetentionInDays: 365 },
    { RetentionInDays: 30 },
    'take RetentionInDays from 365 to 30',
  ),
  weaker('AWS::Logs::LogGroup', {}, { RetentionInDays: 3653 }, 'take RetentionInDays from unset to 3653'),
  weaker('AWS::KMS::Key', {}, { Enabled: false }, 'take Enabled from unset to false'),
  weaker('AWS::KMS::Key', { EnableKeyRotation: true }, {}, 'take EnableKeyRotation from true to unset'),
  weaker('AWS::KMS::Key', {}, { PendingWindowInDays: 7 }, 'take PendingWindowInDays from unset to 7'),
  weaker(
    'AWS::RDS::DBCluster',
    { BackupRetentionPeriod: 35 },
    { BackupRetentionPeriod: 7 },
    'take BackupRetentionPeriod from 35 to 7',
  ),
  weaker(
    'AWS::RDS::DBCluster',
    { BackupRetentionPeriod: 35 },
    {},
    'take BackupRetentionPeriod from 35 to unset',
  ),
  weaker(
    'AWS::RDS::DBInstance',
    {},
    { PubliclyAccessible: true },
    'take PubliclyAccessible from unset to true',
  ),
  weaker('AWS::RDS::DBCluster', { StorageEncrypted: true }, {}, 'take StorageEncrypted from true to unset'),
  weaker(
    'AWS::DynamoDB::Table',
    recovery(true),
    recovery(false),
    'take PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled from true to false',
  ),
  weaker(
    'AWS::DynamoDB::GlobalTable',
    { Replicas: [{ Region: 'us-east-1' }, { Region: 'us-west-2', ...recovery(true) }] },
    { Replicas: [{ Region: 'us-west-2' }, { Region: 'us-east-1' }] },
    'take Replicas.us-west-2.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled from true to unset',
  ),
  weaker(
    'AWS::DynamoDB::Table',
    expiring(),
    expiring({ AttributeName: 'until', Enabled: true }),
    'take TimeToLiveSpecification.Enabled from unset to true',
  ),
  weaker(
    'AWS::CloudTrail::Trail',
    { IsLogging: true },
    { IsLogging: false },
    'take IsLogging from true to false',
  ),
  weaker(
    'AWS::Backup::BackupPlan',
    plan(['daily', 35], ['monthly', 365]),
    plan(['monthly', 365]),
    'take BackupPlan.BackupPlanRule.daily from {"Lifecycle":{"DeleteAfterDays":35},"RuleName":"daily"} to unset',
  ),
  weaker(
    'AWS::Backup::BackupPlan',
    plan(['daily', 35]),
    plan(['daily', 7]),
    'take BackupPlan.BackupPlanRule.daily.Lifecycle.DeleteAfterDays from 35 to 7',
  ),
  weaker(
    'AWS::Backup::BackupPlan',
    plan(['daily']),
    plan(['daily', 365]),
    'take BackupPlan.BackupPlanRule.daily.Lifecycle.DeleteAfterDays from unset to 365',
  ),
  weaker(
    'AWS::Backup::BackupSelection',
    selection('arn:a', TABLE, 'arn:b'),
    selection('arn:b', 'arn:a'),
    'take BackupSelection.Resources.${Table.Arn} from ${Table.Arn} to unset',
  ),
  weaker(
    'AWS::RDS::DBCluster',
    { EnableCloudwatchLogsExports: ['postgresql', 'upgrade'] },
    { EnableCloudwatchLogsExports: ['upgrade'] },
    'take EnableCloudwatchLogsExports.postgresql from postgresql to unset',
  ),
  weaker(
    'AWS::Backup::BackupVault',
    vault({ MinRetentionDays: 30 }),
    vault({ MinRetentionDays: 7 }),
    'take LockConfiguration.MinRetentionDays from 30 to 7',
  ),
  weaker(
    'AWS::Cognito::UserPool',
    { MfaConfiguration: 'ON' },
    { MfaConfiguration: 'OPTIONAL' },
    'take MfaConfiguration from ON to OPTIONAL',
  ),
  weaker(
    'AWS::Cognito::UserPool',
    { MfaConfiguration: 'OPTIONAL' },
    {},
    'take MfaConfiguration from OPTIONAL to unset',
  ),
  weaker(
    'AWS::SQS::Queue',
    { MessageRetentionPeriod: 1_209_600 },
    {},
    'take MessageRetentionPeriod from 1209600 to unset',
  ),
];

test.each(WEAKER)('$type needs leave to protect less, and none to protect more: $needs', (row) => {
  const { type, was, is, needs } = row;
  expect(judged(type, was, is)).toEqual(needs);
  expect(judged(type, is, was)).toEqual([]);
  expect(judged(type, was, was)).toEqual([]);
});

test.each([
  ['AWS::Backup::BackupPlan', plan(['daily', 35]), plan(['hourly', 7], ['daily', 35])],
  ['AWS::Logs::LogGroup', { RetentionInDays: '365' }, { RetentionInDays: 365 }],
  ['AWS::Cognito::UserPool', {}, { MfaConfiguration: 'OFF' }],
  ['AWS::KMS::Key', {}, { Enabled: true, PendingWindowInDays: 30 }],
  ['AWS::S3::Bucket', locked('COMPLIANCE', { Days: 365 }), locked('COMPLIANCE', { Years: 1 })],
  ['AWS::S3::Bucket', { VersioningConfiguration: { Ref: 'AWS::NoValue' } }, {}],
] as const)('%s that protects as much needs none (%j, %j)', (type, was, is) => {
  expect(judged(type, was, is)).toEqual([]);
});

describe('what only the deployment tells', () => {
  const group = (RetentionInDays: unknown) => ({ RetentionInDays });

  test('needs leave where it comes or goes, and says so', () => {
    const of = (was: unknown, is: unknown) => judged('AWS::Logs::LogGroup', group(was), group(is));
    expect(of(365, { Ref: 'Days' })).toEqual(['take RetentionInDays from 365 to ${Days}']);
    expect(of({ Ref: 'Days' }, 365)).toEqual(['take RetentionInDays from ${Days} to 365']);
    expect(of({ Ref: 'Days' }, { Ref: 'Days' })).toEqual([]);
    expect(of({ Ref: 'Days' }, undefined)).toEqual([]);
    expect(of(365, { 'Fn::If': ['Long', 730, 365] })).toEqual([]);
    expect(of(365, { 'Fn::If': ['Long', 730, 30] })).toHaveLength(1);
    const type = 'AWS::Logs::LogGroup';
    const { findings: found } = look(
      [change({ type })],
      { It: { Type: type, Properties: group(365) } },
      { It: { Type: type, Properties: group({ Ref: 'Days' }) } },
    );
    expect(found[0]?.words).toContain('unless what only the deployment tells is as strong');
  });

  test('counts also where it stands for more than the setting', () => {
    expect(judged('AWS::S3::Bucket', block(), { PublicAccessBlockConfiguration: { Ref: 'P' } })).toHaveLength(
      4,
    );
    const { VersioningConfiguration } = {
      VersioningConfiguration: { 'Fn::If': ['C', { Status: 'Enabled' }, {}] },
    };
    expect(
      judged(
        'AWS::S3::Bucket',
        { VersioningConfiguration: { Status: 'Enabled' } },
        { VersioningConfiguration },
      ),
    ).toHaveLength(1);
  });
});

test.each([
  'AWS::Backup::BackupPlan',
  'AWS::Backup::BackupSelection',
  'AWS::CloudTrail::Trail',
  'AWS::EC2::FlowLog',
])('an %s that goes needs leave, one that is made anew does not', (type) => {
  const resources = { It: { Type: type } };
  expect(findings([change({ type, action: 'Remove' })], resources, {})).toEqual(['delete']);
  expect(findings([change({ type, replacement: 'True' })], resources, resources)).toEqual([]);
});

test('leave for it names both values', () => {
  const type = 'AWS::Logs::LogGroup';
  const run = (days: number) =>
    look(
      [change({ type })],
      { It: { Type: type, Properties: { RetentionInDays: 365 } } },
      {
        It: {
          ...{ Type: type, Properties: { RetentionInDays: days } },
          Metadata: leave('take RetentionInDays from 365 to 180'),
        },
      },
    );
  expect(run(180).passed).toBe(true);
  expect(run(90).passed).toBe(false);
  expect(guardText(run(90))).toContain(
    'It would take RetentionInDays from 365 to 90: older logs are deleted.',
  );
});

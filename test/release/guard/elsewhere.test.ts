import type { Resources } from '../../../lib/release/guard/model';
import { change, findings, KEY, modified } from '../support/change-sets';

type Properties = Readonly<Record<string, unknown>>;

const FOREIGN = 'arn:aws:kms:us-east-1:999999999999:key/theirs';
const ACCOUNT = { Ref: 'AWS::AccountId' };
const OWN = 'arn:aws:kms:us-east-1:111122223333:key/ours';
const bucket = (key?: unknown): Properties => ({
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } },
    ],
  },
});
const table = (key?: unknown): Properties => ({
  SSESpecification: { SSEEnabled: true, KMSMasterKeyId: key },
});
const replicas = (key?: unknown): Properties => ({
  Replicas: [{ Region: 'us-east-1', SSESpecification: { KMSMasterKeyId: key } }],
});
const stream = (KeyId?: unknown): Properties => ({ StreamEncryption: { EncryptionType: 'KMS', KeyId } });
const topic = (KmsMasterKeyId?: unknown): Properties => ({ KmsMasterKeyId });
const logs = (KmsKeyId?: unknown): Properties => ({ KmsKeyId });

const KEYED = [
  ['AWS::S3::Bucket', bucket],
  ['AWS::DynamoDB::Table', table],
  ['AWS::DynamoDB::GlobalTable', replicas],
  ['AWS::Kinesis::Stream', stream],
  ['AWS::SNS::Topic', topic],
  ['AWS::SQS::Queue', topic],
  ['AWS::SecretsManager::Secret', logs],
  ['AWS::Logs::LogGroup', logs],
] as const;

describe.each(KEYED)('the key of an %s', (Type, keyed) => {
  const rekeyed = (was: unknown, is: unknown) =>
    modified({ Type, Properties: keyed(was) }, { Type, Properties: keyed(is) });

  test('needs leave to be dropped, or changed for one of AWS', () => {
    expect(rekeyed(KEY, undefined)).toHaveLength(1);
    expect(rekeyed(KEY, 'alias/aws/it')).toHaveLength(1);
    expect(rekeyed(undefined, KEY)).toEqual([]);
  });

  test('needs leave to be one of another account, or of nobody tells which', () => {
    expect(rekeyed(KEY, FOREIGN)).toEqual([`encrypt with ${FOREIGN}`]);
    expect(rekeyed(KEY, { 'Fn::Select': [0, [FOREIGN]] })).toHaveLength(1);
    expect(rekeyed(KEY, '{{resolve:ssm:key}}')).toEqual(['encrypt with {{resolve:ssm:key}}']);
    expect(rekeyed(FOREIGN, FOREIGN)).toEqual([]);
  });

  test('needs none to be another of the own account', () => {
    const written = {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':kms:', { Ref: 'AWS::Region' }, ':', ACCOUNT, ':key/k'],
      ],
    };
    for (const own of [OWN, written, 'alias/own', { 'Fn::ImportValue': 'Data:Key' }])
      expect(rekeyed(KEY, own)).toEqual([]);
  });
});

test('a new bucket with a foreign key needs leave, a key among other settings of its kind is found', () => {
  const added = (Type: string, Properties: Properties, more: Resources = {}) =>
    findings([change({ action: 'Add', type: Type })], more, { ...more, It: { Type, Properties } });
  expect(added('AWS::S3::Bucket', bucket(FOREIGN))).toHaveLength(1);
  const delivery = (key: unknown) => ({ KMSEncryptionConfig: { AWSKMSKeyARN: key } });
  expect(added('AWS::KinesisFirehose::DeliveryStream', delivery(FOREIGN))).toEqual([
    `encrypt with ${FOREIGN}`,
  ]);
  expect(added('AWS::KinesisFirehose::DeliveryStream', delivery(OWN))).toEqual([]);
  expect(added('AWS::SQS::Queue', { KmsDataKeyReusePeriodSeconds: 300 })).toEqual([]);
});

describe('what sends to another account', () => {
  const arn = (service: string, account: string) => `arn:aws:${service}:us-east-1:${account}:x`;
  const DESTINATIONS = [
    ['AWS::Logs::SubscriptionFilter', (account: string) => ({ DestinationArn: arn('logs', account) })],
    ['AWS::Events::Rule', (account: string) => ({ Targets: [{ Id: 'a', Arn: arn('events', account) }] })],
    ['AWS::SNS::Subscription', (account: string) => ({ Endpoint: arn('sqs', account) })],
    [
      'AWS::S3::Bucket',
      (account: string) => ({
        ReplicationConfiguration: {
          Rules: [{ Destination: { Bucket: 'arn:aws:s3:::b', Account: account } }],
        },
      }),
    ],
    [
      'AWS::Backup::BackupPlan',
      (account: string) => ({
        BackupPlan: {
          BackupPlanRule: [{ CopyActions: [{ DestinationBackupVaultArn: arn('backup', account) }] }],
        },
      }),
    ],
  ] as const;

  test.each(DESTINATIONS)('needs leave as a new %s, and as one that is there', (Type, to) => {
    const of = (account: string) => ({ Type, Properties: to(account) });
    const added = (account: string) =>
      findings([change({ action: 'Add', type: Type })], {}, { It: of(account) });
    expect(added('999999999999')).toHaveLength(1);
    expect(added('111122223333')).toEqual([]);
    expect(modified(of('111122223333'), of('999999999999'))).toHaveLength(1);
    expect(modified(of('999999999999'), of('444455556666'))).toEqual([]);
  });

  test('an address that is no ARN is none', () => {
    const Properties = { Protocol: 'email', Endpoint: 'on-call@example.org' };
    expect(
      findings([change({ action: 'Add' })], {}, { It: { Type: 'AWS::SNS::Subscription', Properties } }),
    ).toEqual([]);
  });
});

import { Match } from 'aws-cdk-lib/assertions';
import { dev, idOf, template, templateWith } from './stacks';

describe('the buckets', () => {
  test('each has key, versions, TLS 1.2, no public access, access logs, and an end for what is old', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() },
            BucketKeyEnabled: true,
          },
        ],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LoggingConfiguration: {
        DestinationBucketName: Match.anyValue(),
        LogFilePrefix: Match.stringLikeRegexp('^s3/.+/$'),
      },
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            NoncurrentVersionExpiration: { NoncurrentDays: 2557 },
          }),
        ]),
      },
    });
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
        ]),
      },
    });
  });

  test.each(['GOVERNANCE', 'COMPLIANCE'] as const)(
    'evidence is locked for seven years in %s mode, documents never',
    (lockMode) => {
      const buckets = templateWith({ recording: { lockMode } }).findResources('AWS::S3::Bucket');
      const locks = Object.entries(buckets).map(([id, bucket]) => [
        id.replace(/[0-9A-F]{8}$/, ''),
        (bucket['Properties'] as Record<string, unknown>)['ObjectLockConfiguration'],
      ]);
      expect(Object.fromEntries(locks)).toEqual({
        BucketsDocuments: undefined,
        BucketsEvidence: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: lockMode, Days: 2557 } },
        },
      });
    },
  );

  test('uploads that nobody took over are removed', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ Prefix: 'uploads/', ExpirationInDays: 7 })]),
      },
    });
  });
});

describe('backup', () => {
  test('covers the cluster, every table and every bucket of the stack', () => {
    const [selection] = Object.values(template.findResources('AWS::Backup::BackupSelection'));
    const selected = JSON.stringify(selection);
    const stateful = ['AWS::RDS::DBCluster', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket'].flatMap((type) =>
      Object.keys(template.findResources(type)),
    );
    expect(stateful).toHaveLength(7);
    expect(stateful.filter((id) => !selected.includes(id))).toEqual([]);
  });

  test('is copied to the second region when there is one', () => {
    template.hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: {
        BackupPlanRule: [
          Match.objectLike({
            Lifecycle: { DeleteAfterDays: 35 },
            CopyActions: [
              {
                DestinationBackupVaultArn:
                  'arn:aws:backup:us-west-2:333333333333:backup-vault:telehealth-prod-copy',
                Lifecycle: { DeleteAfterDays: 35 },
              },
            ],
          }),
        ],
      },
    });
    expect(JSON.stringify(dev.findResources('AWS::Backup::BackupPlan'))).not.toContain('CopyActions');
    const copyFailed = { MetricName: 'NumberOfCopyJobsFailed', Namespace: 'AWS/Backup' };
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', copyFailed, 1);
    dev.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', copyFailed, 0);
  });

  test.each([
    ['COMPLIANCE', { MinRetentionDays: 35, ChangeableForDays: 3 }],
    ['GOVERNANCE', { MinRetentionDays: 35 }],
  ] as const)('is locked in production, in %s mode', (lockMode, LockConfiguration) => {
    const [vault] = Object.values(
      templateWith({ recording: { lockMode } }).findResources('AWS::Backup::BackupVault'),
    );
    expect((vault?.['Properties'] as Record<string, unknown>)['LockConfiguration']).toEqual(
      LockConfiguration,
    );
  });

  test('is not locked outside production', () => {
    dev.hasResourceProperties('AWS::Backup::BackupVault', {
      LockConfiguration: Match.absent(),
      EncryptionKeyArn: Match.anyValue(),
    });
  });

  test('is restored every month for a test when configured, into the isolated subnets', () => {
    template.hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
      ScheduleExpression: 'cron(0 7 1 * ? *)',
    });
    const types = Object.values(template.findResources('AWS::Backup::RestoreTestingSelection')).map(
      (selection) => (selection['Properties'] as Record<string, unknown>)['ProtectedResourceType'],
    );
    expect(types.sort()).toEqual(['Aurora', 'DynamoDB', 'S3']);
    template.hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      RestoreMetadataOverrides: {
        dbSubnetGroupName: { Ref: idOf('AWS::RDS::DBSubnetGroup', 'DatabaseSubnets') },
        vpcSecurityGroupIds: Match.anyValue(),
      },
    });
    dev.resourceCountIs('AWS::Backup::RestoreTestingPlan', 0);
    dev.resourceCountIs('AWS::Backup::RestoreTestingSelection', 0);
  });
});

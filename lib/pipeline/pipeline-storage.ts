import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PipelineConfiguration } from '../config/schema';
import { accept } from '../gate';
import { AccessLogsBucket } from '../shared/access-logs-bucket';
import { BUCKET_SETTINGS } from '../shared/bucket-settings';
import { logRetention } from '../shared/log-retention';

/** What the pipeline's storage is made from. */
export interface PipelineStorageProps {
  /** Where the pipeline lives. */
  readonly configuration: PipelineConfiguration;
}

/** Days that an artifact is kept; a stage is never retried from an older one. */
const ARTIFACT_DAYS = 30;

/** What the pipeline keeps: artifacts and build logs under its own key, and the artifacts' access logs. */
export class PipelineStorage extends Construct {
  /** Encrypts artifacts and build logs; the environments' deploy roles may decrypt with it. */
  readonly key: kms.Key;
  /** Holds what the actions hand to each other. */
  readonly artifacts: s3.IBucket;
  /** Receives access logs of the pipeline's buckets. */
  readonly accessLogs: s3.IBucket;
  /** Receives what every build prints. */
  readonly buildLogs: logs.LogGroup;

  constructor(scope: Construct, id: string, props: PipelineStorageProps) {
    super(scope, id);
    const { account, region, logDays } = props.configuration;
    this.key = new kms.Key(this, 'Key', {
      alias: 'telehealth/pipeline',
      description: 'telehealth pipeline: artifacts and build logs',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowLogs',
        principals: [new iam.ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        // In a key's own policy `*` is that key.
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:*` },
        },
      }),
    );
    this.buildLogs = new logs.LogGroup(this, 'BuildLogs', {
      encryptionKey: this.key,
      retention: logRetention(logDays),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    this.accessLogs = new AccessLogsBucket(this, 'AccessLogs', {
      days: logDays,
      removalPolicy: RemovalPolicy.RETAIN,
    }) as s3.IBucket;
    const artifacts = new s3.Bucket(this, 'Artifacts', {
      ...BUCKET_SETTINGS,
      encryptionKey: this.key,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'EndArtifacts',
          expiration: Duration.days(ARTIFACT_DAYS),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: 's3/artifacts/',
    });
    accept(artifacts, 'S3BucketReplicationEnabled', {
      reason:
        'Artifacts are rebuilt from the commit whenever they are needed; a copy elsewhere protects nothing',
      owner: 'platform-engineering',
      approvedBy: 'security-officer',
      ticket: 'HIPAA-15',
      expires: '2027-10-31',
      compensatingControl:
        'The source is in Git, and assets are published to every target account by their hash',
    });
    this.artifacts = artifacts as s3.IBucket;
    Tags.of(this).add('DataClassification', 'Internal');
  }
}

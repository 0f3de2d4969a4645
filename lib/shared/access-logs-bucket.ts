import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { accept } from '../gate';

/** What a bucket of access logs is made from. */
export interface AccessLogsBucketProps {
  /** Days that a log is kept. */
  readonly days: number;
  /**
   * Days after which a log moves to the cheaper class that is still read at once.
   * @default - it stays where it was written
   */
  readonly archiveAfterDays?: number;
  /** Whether the logs go with the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Receives access logs. Log delivery can write to an SSE-S3 bucket only, so this is the one kind of bucket
 * without a key of its own; it holds no health data.
 */
export class AccessLogsBucket extends s3.Bucket {
  constructor(scope: Construct, id: string, props: AccessLogsBucketProps) {
    super(scope, id, {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          id: 'EndAccessLogs',
          ...(props.archiveAfterDays !== undefined && {
            transitions: [
              {
                storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
                transitionAfter: Duration.days(props.archiveAfterDays),
              },
            ],
          }),
          expiration: Duration.days(props.days),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: props.removalPolicy,
    });
    for (const [rule, reason] of [
      ['S3DefaultEncryptionKMS', 'S3 and load balancer log delivery can write to an SSE-S3 bucket only'],
      [
        'TemplateS3Encrypted',
        'S3 and load balancer log delivery can write to an SSE-S3 bucket only, whatever key is named',
      ],
      [
        'S3BucketReplicationEnabled',
        'Access logs only; the records that audits rest on are kept in other stores',
      ],
    ] as const)
      accept(this, rule, {
        reason,
        owner: 'platform-engineering',
        approvedBy: 'security-officer',
        ticket: 'HIPAA-12',
        expires: '2027-10-31',
        compensatingControl: 'SSE-S3, versions, TLS only, no public access; the bucket holds no health data',
      });
  }
}

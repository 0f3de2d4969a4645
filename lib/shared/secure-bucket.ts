import { Duration, Tags } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { BUCKET_SETTINGS, objectLock, type WriteOnce } from './bucket-settings';
import { removalPolicy } from './removal';
import { accept } from '../gate';
import type { Operations } from './operations';

/** The class of the data in a bucket, as its DataClassification tag says it. */
export type DataClass = 'PHI' | 'PII' | 'Audit' | 'Internal';

/** What a bucket holds and for how long. */
export interface SecureBucketProps {
  /** The environment the bucket belongs to. */
  readonly environment: Environment;
  /** Where server access logs go. */
  readonly operations: Operations;
  /** Encrypts every object. */
  readonly encryptionKey: kms.IKey;
  /** The class of the data in it. */
  readonly dataClass: DataClass;
  /** Folder of the access-log bucket that this bucket's logs go to, below `s3/`. */
  readonly accessLogsFolder: string;
  /** Days that an overwritten or deleted version is kept. */
  readonly noncurrentDays: number;
  /** What keeps the objects when the region is lost, since they are not replicated; a sentence for the auditor. */
  readonly insteadOfReplication: string;
  /**
   * Object Lock, for records that must not change. Never for a bucket that takes uploads directly.
   * @default - no lock
   */
  readonly writeOnce?: WriteOnce;
  /**
   * Lifecycle rules beside the ones that every bucket has.
   * @default - none
   */
  readonly lifecycleRules?: readonly s3.LifecycleRule[];
}

/**
 * A bucket for data of one class: its own key, versions, TLS 1.2 only, no public access, no ACLs, access logs,
 * and an end for old versions and abandoned uploads.
 */
export class SecureBucket extends s3.Bucket {
  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    const { environment, writeOnce } = props;
    super(scope, id, {
      ...BUCKET_SETTINGS,
      encryptionKey: props.encryptionKey,
      lifecycleRules: [
        {
          id: 'EndOldVersions',
          noncurrentVersionExpiration: Duration.days(props.noncurrentDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
        ...(props.lifecycleRules ?? []),
      ],
      ...(writeOnce && objectLock(writeOnce)),
      removalPolicy: removalPolicy(environment),
    });
    // Not `serverAccessLogsBucket`: across stacks that adds a statement without a condition to the target's policy.
    (this.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
      destinationBucketName: props.operations.accessLogsBucket.bucketName,
      logFilePrefix: `s3/${props.accessLogsFolder}/`,
    };
    accept(this, 'S3BucketReplicationEnabled', {
      reason: 'Live replication would copy a mistaken or malicious deletion too; recovery points do not',
      owner: 'platform-engineering',
      approvedBy: 'security-officer',
      ticket: 'HIPAA-14',
      expires: '2027-10-31',
      compensatingControl: props.insteadOfReplication,
    });
    Tags.of(this).add('DataClassification', props.dataClass);
  }
}

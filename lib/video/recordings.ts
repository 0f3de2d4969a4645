import { Duration, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { EncryptionKey } from '../shared/encryption-key';
import type { Operations } from '../shared/operations';
import { SecureBucket } from '../shared/secure-bucket';

/** Chime's media pipelines, which write the recordings. */
const MEDIA_PIPELINES = 'mediapipelines.chime.amazonaws.com';

/** What the recordings are made from. */
export interface RecordingsProps {
  /** The environment whose visits are recorded; `recording.lockMode` and the audit retention apply. */
  readonly environment: Environment;
  /** Where access logs go. */
  readonly operations: Operations;
}

/**
 * Where recordings of visits are kept: with a key of their own, unchangeable for as long as audit records are, and
 * written by Chime's media pipelines alone.
 */
export class Recordings extends Construct {
  /** The bucket. */
  readonly bucket: s3.IBucket;
  /** Its key. */
  readonly key: EncryptionKey;
  /** The role by which Chime writes into it. */
  readonly sinkRole: iam.Role;

  constructor(scope: Construct, id: string, props: RecordingsProps) {
    super(scope, id);
    const { environment, operations } = props;

    this.key = new EncryptionKey(this, 'Key', { environment, purpose: 'recordings' });
    Tags.of(this.key).add('DataClassification', 'PHI');
    const bucket = new SecureBucket(this, 'Bucket', {
      environment,
      operations,
      encryptionKey: this.key,
      dataClass: 'PHI',
      accessLogsFolder: 'recordings',
      noncurrentDays: 30,
      insteadOfReplication:
        'A recording is lost with its region, by decision: what counts as the record of a visit stands in the database, which is backed up; a copy would be a second place to guard for seven years.',
      writeOnce: { mode: environment.recording.lockMode, days: environment.retention.auditDays },
      lifecycleRules: [
        {
          id: 'KeepAsLongAsLocked',
          transitions: [
            {
              storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
              transitionAfter: Duration.days(90),
            },
          ],
          expiration: Duration.days(environment.retention.auditDays),
        },
      ],
    });
    // The cast is for `exactOptionalPropertyTypes`, which the library's own classes do not satisfy.
    this.bucket = bucket as s3.IBucket;
    this.enforceKey(bucket);
    this.sinkRole = this.openToChime(bucket, environment);
  }

  /** Refuses an object that names another encryption or key; one that names none gets the bucket's own. */
  private enforceKey(bucket: s3.Bucket): void {
    for (const [sid, condition] of [
      [
        'RefuseOtherEncryption',
        {
          StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
          Null: { 's3:x-amz-server-side-encryption': 'false' },
        },
      ],
      [
        'RefuseOtherKey',
        {
          StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': this.key.keyArn },
          Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
        },
      ],
    ] as const)
      bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          sid,
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['s3:PutObject'],
          resources: [bucket.arnForObjects('*')],
          conditions: condition,
        }),
      );
  }

  /**
   * Chime asks for both ways: it checks that the bucket's policy names it, and writes as the role when an object's
   * key is given (Amazon Chime SDK developer guide, "Enabling object level server-side encryption").
   */
  private openToChime(bucket: s3.Bucket, { account }: Environment): iam.Role {
    const fromThisAccount = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:aws:chime:*:${account}:*` },
    };
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowMediaPipelines',
        principals: [new iam.ServicePrincipal(MEDIA_PIPELINES)],
        // The ACL action is demanded when a pipeline is made; no ACL has effect here.
        actions: ['s3:PutObject', 's3:PutObjectAcl'],
        resources: [bucket.arnForObjects('*')],
        conditions: fromThisAccount,
      }),
    );
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowMediaPipelines',
        principals: [new iam.ServicePrincipal(MEDIA_PIPELINES)],
        actions: ['kms:GenerateDataKey'],
        resources: ['*'],
        conditions: fromThisAccount,
      }),
    );
    const role = new iam.Role(this, 'SinkRole', {
      description: 'Chime writes recordings into their bucket',
      assumedBy: new iam.ServicePrincipal(MEDIA_PIPELINES, { conditions: fromThisAccount }),
    });
    new iam.ManagedPolicy(this, 'SinkPolicy', {
      description: 'Chime writes recordings into their bucket',
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'WriteRecordings',
          actions: ['s3:PutObject', 's3:PutObjectAcl'],
          resources: [bucket.arnForObjects('*')],
        }),
        new iam.PolicyStatement({
          sid: 'EncryptRecordings',
          actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
          resources: [this.key.keyArn],
        }),
      ],
    });
    return role;
  }
}

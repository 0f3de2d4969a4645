import {
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketTaggingCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
  type ServerSideEncryption,
  type TransitionStorageClass,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { bridge } from './contract';

const s3 = new S3Client({ forcePathStyle: true });

const rule = z.object({
  Id: z.string().optional(),
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.string().optional(),
  ExpirationInDays: z.number().optional(),
  ExpiredObjectDeleteMarker: z.boolean().optional(),
  Transitions: z.array(z.object({ StorageClass: z.string(), TransitionInDays: z.number() })).optional(),
  NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.number() }).optional(),
  AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: z.number() }).optional(),
});

const properties = z.object({
  Id: z.string(),
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({
          BucketKeyEnabled: z.boolean().optional(),
          ServerSideEncryptionByDefault: z
            .object({ SSEAlgorithm: z.string(), KMSMasterKeyID: z.string().optional() })
            .optional(),
        }),
      ),
    })
    .optional(),
  LifecycleConfiguration: z.object({ Rules: z.array(rule) }).optional(),
  LoggingConfiguration: z
    .object({ DestinationBucketName: z.string().optional(), LogFilePrefix: z.string().optional() })
    .optional(),
  ObjectLockConfiguration: z
    .object({
      Rule: z
        .object({
          DefaultRetention: z.object({
            Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
            Days: z.number().optional(),
            Years: z.number().optional(),
          }),
        })
        .optional(),
    })
    .optional(),
  OwnershipControls: z
    .object({
      Rules: z.array(
        z.object({
          ObjectOwnership: z.enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']),
        }),
      ),
    })
    .optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
});

type Properties = z.output<typeof properties>;

function lifecycle(given: z.output<typeof rule>, index: number): LifecycleRule {
  const expires = given.ExpirationInDays !== undefined || given.ExpiredObjectDeleteMarker !== undefined;
  return {
    ID: given.Id ?? `rule-${index}`,
    Status: given.Status,
    Filter: { Prefix: given.Prefix ?? '' },
    NoncurrentVersionExpiration: given.NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload: given.AbortIncompleteMultipartUpload,
    Transitions: given.Transitions?.map(({ StorageClass, TransitionInDays }) => ({
      StorageClass: StorageClass as TransitionStorageClass,
      Days: TransitionInDays,
    })),
    ...(expires && {
      Expiration: {
        Days: given.ExpirationInDays,
        ExpiredObjectDeleteMarker: given.ExpiredObjectDeleteMarker,
      },
    }),
  };
}

async function apply(given: Properties): Promise<void> {
  const Bucket = given.Id;
  const { BucketEncryption, LifecycleConfiguration, LoggingConfiguration, ObjectLockConfiguration } = given;
  if (BucketEncryption)
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: BucketEncryption.ServerSideEncryptionConfiguration.map((one) => ({
            BucketKeyEnabled: one.BucketKeyEnabled,
            ApplyServerSideEncryptionByDefault: one.ServerSideEncryptionByDefault && {
              SSEAlgorithm: one.ServerSideEncryptionByDefault.SSEAlgorithm as ServerSideEncryption,
              KMSMasterKeyID: one.ServerSideEncryptionByDefault.KMSMasterKeyID,
            },
          })),
        },
      }),
    );
  if (LifecycleConfiguration)
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: LifecycleConfiguration.Rules.map(lifecycle) },
      }),
    );
  if (ObjectLockConfiguration)
    await s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: ObjectLockConfiguration.Rule },
      }),
    );
  if (LoggingConfiguration)
    await s3.send(
      new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: {
          LoggingEnabled: {
            TargetBucket: LoggingConfiguration.DestinationBucketName ?? Bucket,
            TargetPrefix: LoggingConfiguration.LogFilePrefix ?? '',
          },
        },
      }),
    );
  if (given.OwnershipControls)
    await s3.send(
      new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: given.OwnershipControls }),
    );
  if (given.Tags) await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: given.Tags } }));
}

const bucket = bridge(properties, {
  create: async (given) => {
    await apply(given);
    return { id: `${given.Id}|properties` };
  },
});

/** What the template's own way drops of a bucket. */
export const bridges = { 'reconcile:AWS::S3::Bucket': bucket };

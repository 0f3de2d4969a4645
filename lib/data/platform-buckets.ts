import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { Operations } from '../shared/operations';
import { SecureBucket } from '../shared/secure-bucket';
import type { DataKeys } from './data-keys';
import type { Buckets } from './data-stack';

/** Where in the documents bucket uploads land before they are checked and moved; what stays there is removed. */
export const UPLOADS_PREFIX = 'uploads/';

/** What the buckets are made from. */
export interface PlatformBucketsProps {
  /** The environment the buckets belong to. */
  readonly environment: Environment;
  /** Where access logs go. */
  readonly operations: Operations;
  /** The key of each data class. */
  readonly keys: DataKeys;
}

/**
 * Two buckets. `documents` takes uploads and holds what may be replaced; it has no Object Lock, because a wrong
 * upload must be removable, and keeps every replaced version as long as audit records. `evidence` holds records
 * that must not change and takes nothing but finished records; there Object Lock applies to every object.
 */
export class PlatformBuckets extends Construct implements Buckets {
  /** Patients' documents (PHI). */
  readonly documents: s3.IBucket;
  /** Evidence that must not change (Audit). */
  readonly evidence: s3.IBucket;

  constructor(scope: Construct, id: string, props: PlatformBucketsProps) {
    super(scope, id);
    const { environment, operations, keys } = props;
    const { auditDays } = environment.retention;
    const insteadOfReplication = insteadOf(environment);

    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    this.documents = new SecureBucket(this, 'Documents', {
      environment,
      operations,
      encryptionKey: keys.phi,
      dataClass: 'PHI',
      accessLogsFolder: 'documents',
      noncurrentDays: auditDays,
      insteadOfReplication,
      lifecycleRules: [
        {
          id: 'EndAbandonedUploads',
          prefix: UPLOADS_PREFIX,
          expiration: Duration.days(7),
          noncurrentVersionExpiration: Duration.days(7),
        },
      ],
    }) as s3.IBucket;
    this.evidence = new SecureBucket(this, 'Evidence', {
      environment,
      operations,
      encryptionKey: keys.audit,
      dataClass: 'Audit',
      accessLogsFolder: 'evidence',
      noncurrentDays: auditDays,
      insteadOfReplication,
      writeOnce: { mode: environment.recording.lockMode, days: auditDays },
      lifecycleRules: [
        {
          id: 'ArchiveEvidence',
          transitions: [
            { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
          ],
        },
      ],
    }) as s3.IBucket;
  }
}

function insteadOf({ backup }: Environment): string {
  const daily = `Versions of every object, and a daily recovery point kept ${backup.retentionDays} days`;
  return backup.copyRegion === undefined ? daily : `${daily}, copied to ${backup.copyRegion}`;
}

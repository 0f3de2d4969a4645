import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** How long what is written must stay as it is. */
export interface WriteOnce {
  /** Whether nobody (`COMPLIANCE`) or only a privileged role (`GOVERNANCE`) may end it early. */
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Days from the writing of an object. */
  readonly days: number;
}

/** What every bucket of data or evidence is set to: a key of its own, versions, TLS 1.2 only, no public access, no ACLs. */
export const BUCKET_SETTINGS = {
  encryption: s3.BucketEncryption.KMS,
  bucketKeyEnabled: true,
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  versioned: true,
} as const satisfies s3.BucketProps;

/** Object Lock of a bucket whose objects must not change. */
export function objectLock({
  mode,
  days,
}: WriteOnce): Pick<Required<s3.BucketProps>, 'objectLockEnabled' | 'objectLockDefaultRetention'> {
  const retention = Duration.days(days);
  return {
    objectLockEnabled: true,
    objectLockDefaultRetention:
      mode === 'COMPLIANCE'
        ? s3.ObjectLockRetention.compliance(retention)
        : s3.ObjectLockRetention.governance(retention),
  };
}

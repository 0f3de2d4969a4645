import { Tags } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { EncryptionKey } from '../shared/encryption-key';

/** What the keys are made from. */
export interface DataKeysProps {
  /** The environment the keys belong to. */
  readonly environment: Environment;
}

/**
 * One key for each class of data, so that a grant on one class opens no other. RDS, DynamoDB, S3, Secrets Manager
 * and AWS Backup use them in the name of a caller or by a grant, which the key's own policy and IAM allow; no
 * service principal needs a statement.
 */
export class DataKeys extends Construct {
  /** Health data of persons. */
  readonly phi: kms.Key;
  /** Data of persons that tells nothing of their health. */
  readonly pii: kms.Key;
  /** Records of who did what. */
  readonly audit: kms.Key;
  /** Recovery points, whatever they hold. */
  readonly backup: kms.Key;

  constructor(scope: Construct, id: string, props: DataKeysProps) {
    super(scope, id);
    const key = (name: string, purpose: string, dataClass: string): kms.Key => {
      const made = new EncryptionKey(this, name, { environment: props.environment, purpose });
      Tags.of(made).add('DataClassification', dataClass);
      return made;
    };
    this.phi = key('Phi', 'phi', 'PHI');
    this.pii = key('Pii', 'pii', 'PII');
    this.audit = key('Audit', 'audit', 'Audit');
    this.backup = key('Backup', 'backup', 'PHI');
  }
}

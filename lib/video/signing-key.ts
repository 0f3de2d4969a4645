import { Duration } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { removalPolicy } from '../shared/removal';

/** What the signing key is made from. */
export interface SigningKeyProps {
  /** The environment whose visit tokens it signs. */
  readonly environment: Environment;
}

/**
 * Signs visit tokens with ES256: ECDSA over P-256, the private half never leaves KMS. KMS cannot rotate an
 * asymmetric key by itself; a new key takes a new `kid` and both are trusted while old tokens live.
 */
export class SigningKey extends kms.Key {
  constructor(scope: Construct, id: string, { environment }: SigningKeyProps) {
    super(scope, id, {
      alias: `telehealth/${environment.name}/video-signing`,
      description: `telehealth ${environment.name}: signs video visit tokens (ES256)`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: removalPolicy(environment),
    });
  }
}

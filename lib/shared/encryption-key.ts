import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** What an encryption key protects and who may use it. */
export interface EncryptionKeyProps {
  /** The environment the key belongs to. */
  readonly environment: Environment;
  /** Last part of the key's alias, `telehealth/<environment>/<purpose>`. */
  readonly purpose: string;
  /**
   * AWS services that encrypt with the key on their own behalf, each only for this account.
   * @default - none
   */
  readonly services?: readonly string[];
}

/** A customer managed key: rotated every year, kept for 30 days after deletion, usable by the services named and no other. */
export class EncryptionKey extends kms.Key {
  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id, {
      alias: `telehealth/${props.environment.name}/${props.purpose}`,
      description: `telehealth ${props.environment.name}: ${props.purpose}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: props.environment.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const service of props.services ?? []) {
      this.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: `Allow${service.split('.')[0] ?? service}`,
          principals: [new iam.ServicePrincipal(service)],
          actions: [
            'kms:Encrypt',
            'kms:Decrypt',
            'kms:ReEncrypt*',
            'kms:GenerateDataKey*',
            'kms:DescribeKey',
          ],
          resources: ['*'],
          conditions: service.startsWith('logs.')
            ? {
                ArnLike: {
                  'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${props.environment.region}:${props.environment.account}:*`,
                },
              }
            : { StringEquals: { 'aws:SourceAccount': props.environment.account } },
        }),
      );
    }
  }
}

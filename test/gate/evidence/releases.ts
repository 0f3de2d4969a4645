import type { Stack } from 'aws-cdk-lib';
import { gatedApp, raw, stackIn } from '../support';
import { evidenceOf } from './support';

/** A release of one stack, as it was and with something changed. */
export function release(change: (stack: Stack) => void): string {
  const app = gatedApp();
  change(stackIn(app));
  return evidenceOf(app).folder;
}

/** A key that these may decrypt by. */
export const key =
  (...principals: readonly string[]) =>
  (stack: Stack) => {
    raw(stack, 'Key', 'AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: principals.map((AWS) => ({
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Principal: { AWS },
          Resource: '*',
        })),
      },
    });
  };

/** A queue of these properties. */
export const queue = (properties: Record<string, unknown>) => (stack: Stack) =>
  raw(stack, 'Queue', 'AWS::SQS::Queue', properties);

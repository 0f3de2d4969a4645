import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Auth } from '../auth/auth-stack';
import type { Data } from '../data/data-stack';
import type { Network } from '../network/network-stack';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';
import { SigningKey } from './signing-key';

/** What the video stack is made from. */
export interface VideoStackProps extends PlatformStackProps {
  /** The VPC and its security groups. */
  readonly network: Network;
  /** Where logs and alarms go. */
  readonly operations: Operations;
  /** The data stores; meeting events are written to the audit table. */
  readonly data: Data;
  /** The role of the API, which signs tokens and makes meetings. */
  readonly auth: Auth;
}

/** Video visits: the key that signs their tokens. */
export class VideoStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: VideoStackProps) {
    super(scope, id, props);
    new SigningKey(this, 'SigningKey', { environment: props.environment });
    Tags.of(this).add('DataClassification', 'PHI');
  }
}

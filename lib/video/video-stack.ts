import { CfnOutput, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Auth } from '../auth/auth-stack';
import type { Data } from '../data/data-stack';
import type { Network } from '../network/network-stack';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';
import { MeetingEvents } from './meeting-events';
import { RecordingStart } from './recording-start';
import { Recordings } from './recordings';
import { SigningKey } from './signing-key';
import { VisitPermissions } from './visit-permissions';

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

/** Video visits: the key that signs their tokens, what happens in them, and their recordings where those are allowed. */
export class VideoStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: VideoStackProps) {
    super(scope, id, props);
    const { environment, network, operations, data, auth } = props;
    Tags.of(this).add('DataClassification', 'Internal');

    const signingKey = new SigningKey(this, 'SigningKey', { environment });
    new VisitPermissions(this, 'VisitPermissions', { environment, signingKey, role: auth.apiRole });
    new MeetingEvents(this, 'MeetingEvents', { environment, network, operations, data });
    new CfnOutput(this, 'SigningKeyArn', { value: signingKey.keyArn, description: 'Signs visit tokens' });

    if (!environment.recording.enabled) return;
    const recordings = new Recordings(this, 'Recordings', { environment, operations });
    new RecordingStart(this, 'RecordingStart', {
      environment,
      network,
      operations,
      data,
      recordings,
      consentRole: auth.apiRole,
    });
    new CfnOutput(this, 'RecordingsBucket', {
      value: recordings.bucket.bucketName,
      description: 'Where recordings of visits are kept',
    });
  }
}

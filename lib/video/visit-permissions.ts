import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { explainWildcard } from '../gate';

/** What the permissions are made from. */
export interface VisitPermissionsProps {
  /** The environment they hold in. */
  readonly environment: Environment;
  /** Signs visit tokens. */
  readonly signingKey: kms.IKey;
  /** The role that is allowed. */
  readonly role: iam.IRole;
}

/** What is done with a meeting that is there. */
const RUN = [
  'chime:GetMeeting',
  'chime:DeleteMeeting',
  'chime:CreateAttendee',
  'chime:GetAttendee',
  'chime:DeleteAttendee',
];

/** What the API needs for visits: sign tokens, make and end meetings, let people in and out. */
export class VisitPermissions extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, props: VisitPermissionsProps) {
    const { environment, signingKey } = props;
    super(scope, id, {
      description: `telehealth ${environment.name}: what the API may do for video visits`,
      roles: [props.role],
      statements: [
        new iam.PolicyStatement({
          sid: 'SignTokens',
          actions: ['kms:Sign'],
          resources: [signingKey.keyArn],
          conditions: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
        }),
        new iam.PolicyStatement({
          sid: 'PublishSigningKey',
          actions: ['kms:GetPublicKey'],
          resources: [signingKey.keyArn],
        }),
        new iam.PolicyStatement({
          sid: 'MakeMeetings',
          actions: ['chime:CreateMeeting', 'chime:CreateMeetingWithAttendees'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:RequestedRegion': environment.region } },
        }),
        new iam.PolicyStatement({
          sid: 'RunMeetings',
          actions: RUN,
          resources: [`arn:aws:chime:*:${environment.account}:meeting/*`],
        }),
      ],
    });
    const reason =
      'A meeting has no ARN before it is made, and Chime has no resource level for it; the Region is held';
    explainWildcard(this, {
      'chime:CreateMeeting': reason,
      'chime:CreateMeetingWithAttendees': reason,
      ...Object.fromEntries(
        RUN.map((action) => [action, 'Chime makes the id of a meeting when a visit begins']),
      ),
    });
  }
}

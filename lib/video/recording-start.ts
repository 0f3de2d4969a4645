import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { startRecordingSchema } from '../../lambda/start-recording/env';
import type { Data } from '../data/data-stack';
import type { Network } from '../network/network-stack';
import type { Environment } from '../config/schema';
import { explainWildcard } from '../gate';
import { Handler } from '../shared/handler';
import type { Operations } from '../shared/operations';
import { appendToAudit } from './append-to-audit';
import { EventDelivery } from './event-delivery';
import type { Recordings } from './recordings';

/** How the API says that a visit may be recorded; the handler's own schema asks for the same. */
const CONSENTED = { source: 'telehealth.api', detailType: 'Recording Consented' } as const;

/** What starting recordings is made from. */
export interface RecordingStartProps {
  /** The environment whose visits are recorded. */
  readonly environment: Environment;
  /** The network the handler stands in. */
  readonly network: Network;
  /** Where it logs and alarms. */
  readonly operations: Operations;
  /** Where the audit table is. */
  readonly data: Data;
  /** Where recordings go. */
  readonly recordings: Recordings;
  /** The role that may say that consent was given: the API's. */
  readonly consentRole: iam.IRole;
}

/**
 * Starts a recording when the API says that everybody has consented. The API itself may neither record nor reach
 * the recordings: it may send one kind of event, and this handler alone may make a pipeline.
 *
 * Chime needs the account's service-linked role AWSServiceRoleForAmazonChimeSDKMediaPipelines; it is made once an
 * account, by hand (docs/how-to/record-visits.md), since a second environment there could not make it again.
 */
export class RecordingStart extends Construct {
  constructor(scope: Construct, id: string, props: RecordingStartProps) {
    super(scope, id);
    const { environment, network, operations, data, recordings } = props;
    const { auditEvents } = data.tables;

    const handler = new Handler(this, 'Handler', {
      environment,
      operations,
      name: 'start-recording',
      description: 'Starts the recording of a visit that everybody in it has consented to',
      schema: startRecordingSchema,
      variables: {
        RECORDINGS_BUCKET_ARN: recordings.bucket.bucketArn,
        RECORDINGS_KEY_ARN: recordings.key.keyArn,
        SINK_ROLE_ARN: recordings.sinkRole.roleArn,
        AUDIT_TABLE: auditEvents.tableName,
        AUDIT_RETENTION_DAYS: String(environment.retention.auditDays),
      },
      vpc: network.vpc,
      securityGroup: network.securityGroups.functions,
      timeout: Duration.seconds(15),
    });
    for (const statement of [
      ...appendToAudit(environment, auditEvents, data.keys.audit),
      new iam.PolicyStatement({
        sid: 'StartRecording',
        actions: ['chime:CreateMediaCapturePipeline'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:RequestedRegion': environment.region } },
      }),
      new iam.PolicyStatement({
        sid: 'LetChimeSeeBucketPolicy',
        actions: ['s3:GetBucketPolicy'],
        resources: [recordings.bucket.bucketArn],
      }),
      new iam.PolicyStatement({
        sid: 'HandSinkRoleToChime',
        actions: ['iam:PassRole'],
        resources: [recordings.sinkRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'mediapipelines.chime.amazonaws.com' } },
      }),
    ])
      handler.role.addToPolicy(statement);
    explainWildcard(handler.role, {
      'chime:CreateMediaCapturePipeline':
        'A pipeline has no ARN before it is made, and Chime has no resource level for it',
    });
    new EventDelivery(this, 'Delivery', {
      operations,
      handler: handler.function,
      eventPattern: {
        account: [environment.account],
        source: [CONSENTED.source],
        detailType: [CONSENTED.detailType],
      },
    });
    new iam.ManagedPolicy(this, 'SayConsented', {
      description: `telehealth ${environment.name}: the API says that a recording was consented to`,
      roles: [props.consentRole],
      statements: [
        new iam.PolicyStatement({
          sid: 'SayConsented',
          actions: ['events:PutEvents'],
          resources: [
            Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
          ],
          conditions: {
            StringEquals: {
              'events:source': CONSENTED.source,
              'events:detail-type': CONSENTED.detailType,
            },
          },
        }),
      ],
    });
  }
}

import {
  ChimeSDKMediaPipelinesClient,
  CreateMediaCapturePipelineCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { appendAuditEvent } from '../shared/audit';
import { parseEnvironment } from '../shared/environment';
import { logger, traced, tracer } from '../shared/telemetry';
import { startRecordingSchema } from './env';
import { recordingConsented } from './event';

const environment = parseEnvironment(startRecordingSchema);
const pipelines = tracer.captureAWSv3Client(new ChimeSDKMediaPipelinesClient());
const database = tracer.captureAWSv3Client(new DynamoDBClient());

/**
 * Starts the recording of a visit whose people have consented, once a consent: Chime answers a repeated token with
 * the pipeline that it has made already.
 * @throws z.ZodError when the event does not name visit, meeting and consent; nothing is recorded then
 */
export const handler = traced(async (input: unknown): Promise<void> => {
  const { id, time, detail } = recordingConsented.parse(input);
  const { MediaCapturePipeline } = await pipelines.send(
    new CreateMediaCapturePipelineCommand({
      SourceType: 'ChimeSdkMeeting',
      SourceArn: detail.meetingArn,
      SinkType: 'S3Bucket',
      SinkArn: environment.RECORDINGS_BUCKET_ARN,
      SinkIamRoleArn: environment.SINK_ROLE_ARN,
      SseAwsKeyManagementParams: { AwsKmsKeyId: environment.RECORDINGS_KEY_ARN },
      ClientRequestToken: detail.consentId,
    }),
  );
  await appendAuditEvent(
    database,
    { tableName: environment.AUDIT_TABLE, retentionDays: Number(environment.AUDIT_RETENTION_DAYS) },
    {
      eventId: id,
      timestamp: Date.parse(time),
      action: 'telehealth:RecordingStarted',
      details: {
        visitId: detail.visitId,
        consentId: detail.consentId,
        pipelineId: MediaCapturePipeline?.MediaPipelineId,
      },
    },
  );
  logger.info('recording started');
});

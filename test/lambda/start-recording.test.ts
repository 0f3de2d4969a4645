import {
  ChimeSDKMediaPipelinesClient,
  type CreateMediaCapturePipelineCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { DynamoDBClient, type PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { handler as Handler } from '../../lambda/start-recording/handler';
import { context } from './events';

let handler: typeof Handler;
// The SDK's `send` has overloads for callbacks that a mock cannot follow.
const start = jest.fn((_command: unknown): Promise<unknown> => Promise.resolve({}));
const put = jest.fn((_command: unknown): Promise<unknown> => Promise.resolve({}));
jest.spyOn(ChimeSDKMediaPipelinesClient.prototype, 'send').mockImplementation(start as never);
jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(put as never);

beforeAll(() => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    POWERTOOLS_METRICS_NAMESPACE: 'Telehealth',
    POWERTOOLS_SERVICE_NAME: 'start-recording',
    RECORDINGS_BUCKET_ARN: 'arn:aws:s3:::recordings',
    RECORDINGS_KEY_ARN: 'arn:aws:kms:us-east-1:333333333333:key/1',
    SINK_ROLE_ARN: 'arn:aws:iam::333333333333:role/sink',
    AUDIT_TABLE: 'audit',
    AUDIT_RETENTION_DAYS: '2557',
  });
  ({ handler } = jest.requireActual<{ handler: typeof Handler }>('../../lambda/start-recording/handler'));
});

beforeEach(() => {
  start
    .mockReset()
    .mockImplementation(() => Promise.resolve({ MediaCapturePipeline: { MediaPipelineId: 'pipeline-1' } }));
  put.mockReset().mockImplementation(() => Promise.resolve({}));
});

const meetingArn = 'arn:aws:chime:us-east-1:333333333333:meeting/87a8b4f0-0000-4000-8000-000000000002';
const event = (detail: unknown = { visitId: 'visit-1', meetingArn, consentId: 'consent-1' }): unknown => ({
  id: '6a7e8feb-0000-4000-8000-000000000001',
  time: '2026-11-23T10:00:00Z',
  source: 'telehealth.api',
  'detail-type': 'Recording Consented',
  detail,
});

test('records the meeting into the bucket with its own key, once a consent, and says so', async () => {
  await handler(event(), context);
  expect((start.mock.calls[0]?.[0] as CreateMediaCapturePipelineCommand).input).toEqual({
    SourceType: 'ChimeSdkMeeting',
    SourceArn: meetingArn,
    SinkType: 'S3Bucket',
    SinkArn: 'arn:aws:s3:::recordings',
    SinkIamRoleArn: 'arn:aws:iam::333333333333:role/sink',
    SseAwsKeyManagementParams: { AwsKmsKeyId: 'arn:aws:kms:us-east-1:333333333333:key/1' },
    ClientRequestToken: 'consent-1',
  });
  expect((put.mock.calls[0]?.[0] as PutItemCommand).input.Item).toMatchObject({
    action: { S: 'telehealth:RecordingStarted' },
    details: { M: { consentId: { S: 'consent-1' }, pipelineId: { S: 'pipeline-1' } } },
  });
});

test.each([
  ['without consent', { visitId: 'visit-1', meetingArn }],
  ['without a meeting', { visitId: 'visit-1', meetingArn: 'arn:aws:s3:::x', consentId: 'consent-1' }],
])('records nothing %s', async (_what, detail) => {
  await expect(handler(event(detail), context)).rejects.toThrow();
  expect(start).not.toHaveBeenCalled();
});

test('says nothing of a recording that did not start', async () => {
  start.mockImplementation(() => Promise.reject(new Error('ResourceLimitExceeded')));
  await expect(handler(event(), context)).rejects.toThrow('ResourceLimitExceeded');
  expect(put).not.toHaveBeenCalled();
});

import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { handler as Handler } from '../../lambda/meeting-events/handler';
import { outputOf } from './captured-output';
import { context } from './events';

let handler: typeof Handler;
// The SDK's `send` has overloads for callbacks that a mock cannot follow.
const send = jest.fn((_command: unknown): Promise<unknown> => Promise.resolve({}));
jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(send as never);

beforeAll(() => {
  process.env['AWS_REGION'] = 'us-east-1';
  process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Telehealth';
  process.env['POWERTOOLS_SERVICE_NAME'] = 'meeting-events';
  process.env['AUDIT_TABLE'] = 'audit';
  process.env['AUDIT_RETENTION_DAYS'] = '2557';
  ({ handler } = jest.requireActual<{ handler: typeof Handler }>('../../lambda/meeting-events/handler'));
});

beforeEach(() => {
  send.mockReset().mockImplementation(() => Promise.resolve({}));
});

const PERSON = 'person-7f3a';
const VISIT = 'visit-91cc';
const event = (eventType = 'chime:AttendeeJoined'): unknown => ({
  version: '0',
  id: '6a7e8feb-0000-4000-8000-000000000001',
  source: 'aws.chime',
  'detail-type': 'Chime Meeting State Change',
  resources: [],
  detail: {
    version: '0',
    eventType,
    timestamp: 1_700_000_000_500,
    meetingId: '87a8b4f0-0000-4000-8000-000000000002',
    externalMeetingId: VISIT,
    attendeeId: '87a8b4f0-0000-4000-8000-000000000003',
    externalUserId: PERSON,
    mediaRegion: 'us-east-1',
  },
});

test('appends an event under its own id, once, until it may go', async () => {
  await handler(event(), context);
  expect(send).toHaveBeenCalledTimes(1);
  const command: unknown = send.mock.calls[0]?.[0];
  expect(command).toBeInstanceOf(PutItemCommand);
  expect((command as PutItemCommand).input).toMatchObject({
    TableName: 'audit',
    ConditionExpression: 'attribute_not_exists(eventId)',
    Item: {
      eventId: { S: '6a7e8feb-0000-4000-8000-000000000001' },
      timestamp: { N: '1700000000500' },
      action: { S: 'chime:AttendeeJoined' },
      userId: { S: PERSON },
      expiresAt: { N: String(1_700_000_001 + 2557 * 86_400) },
    },
  });
});

const refuseAsSeen = (): Promise<never> =>
  Promise.reject(new ConditionalCheckFailedException({ message: 'seen', $metadata: {} }));

test('takes an event that is delivered again as done, and counts it once', async () => {
  const first = await outputOf(() => handler(event('chime:AttendeeDropped'), context));
  expect(first).toContain('VideoFailedJoins');
  send.mockImplementation(refuseAsSeen);
  const again = await outputOf(() => handler(event('chime:AttendeeDropped'), context));
  expect(again).not.toContain('VideoFailedJoins');
});

test('counts a token that is used again', async () => {
  expect(await outputOf(() => handler(event('chime:AttendeeAuthorized'), context))).toContain(
    'VideoTokenReuse',
  );
});

test('logs neither who nor which visit', async () => {
  const output = await outputOf(() => handler(event(), context));
  expect(output).toContain('meeting event recorded');
  expect(output).not.toContain(PERSON);
  expect(output).not.toContain(VISIT);
});

test('fails on anything else, so that it is tried again and kept', async () => {
  await expect(handler({ id: '1', source: 'aws.s3' }, context)).rejects.toThrow();
  expect(send).not.toHaveBeenCalled();
  send.mockImplementation(() => Promise.reject(new Error('throttled')));
  await expect(handler(event(), context)).rejects.toThrow('throttled');
});

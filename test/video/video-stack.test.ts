import * as fs from 'node:fs';
import * as path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { stageOf } from '../app/support';
import { testEnvironment } from '../support/app';
import { normalisedTemplate } from '../support/snapshot';

type Properties = Record<string, unknown>;

const stack = stageOf(testEnvironment()).video;
const recorded = Template.fromStack(stack);
const unrecorded = Template.fromStack(stageOf(testEnvironment({ recording: { enabled: false } })).video);

const propertiesOf = (template: Template, type: string): Properties[] =>
  Object.values(template.findResources(type)).map(
    (resource) => (resource as { Properties: Properties }).Properties,
  );
const statementsOf = (template: Template): Properties[] =>
  ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].flatMap((type) =>
    propertiesOf(template, type).flatMap(
      ({ PolicyDocument }) => (PolicyDocument as { Statement: Properties[] }).Statement,
    ),
  );

test('the stack is what it was', () => {
  expect(normalisedTemplate(stack)).toMatchSnapshot();
});

test('tokens are signed with ES256 by a key that only signs, under a name of the environment', () => {
  recorded.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  recorded.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/telehealth/prod/video-signing' });
});

test('the API may sign, and make and run meetings, and nothing else of Chime', () => {
  const statements = statementsOf(unrecorded);
  expect(statements).toContainEqual(
    expect.objectContaining({
      Action: 'kms:Sign',
      Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
    }),
  );
  const chime = statements
    .flatMap(({ Action }) => [Action].flat())
    .filter((a) => String(a).startsWith('chime:'));
  expect(chime.sort()).toEqual([
    'chime:CreateAttendee',
    'chime:CreateMeeting',
    'chime:CreateMeetingWithAttendees',
    'chime:DeleteAttendee',
    'chime:DeleteMeeting',
    'chime:GetAttendee',
    'chime:GetMeeting',
  ]);
});

test('meeting events reach a function that may append to the audit table and not change it', () => {
  recorded.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['aws.chime'], 'detail-type': ['Chime Meeting State Change'] },
    Targets: [
      Match.objectLike({
        DeadLetterConfig: { Arn: Match.anyValue() },
        RetryPolicy: { MaximumEventAgeInSeconds: 86400, MaximumRetryAttempts: 185 },
      }),
    ],
  });
  const actions = statementsOf(recorded).flatMap(({ Action }) => [Action].flat());
  expect(actions.filter((action) => String(action).startsWith('dynamodb:'))).toEqual(
    expect.arrayContaining(['dynamodb:PutItem']),
  );
  expect(new Set(actions.filter((action) => String(action).startsWith('dynamodb:'))).size).toBe(1);
});

test('every alarm is sent somewhere and names a runbook that exists', () => {
  const alarms = propertiesOf(recorded, 'AWS::CloudWatch::Alarm');
  expect(alarms.map(({ MetricName }) => MetricName)).toEqual(
    expect.arrayContaining(['VideoFailedJoins', 'VideoTokenReuse']),
  );
  for (const alarm of alarms) {
    expect(alarm['AlarmActions']).toHaveLength(1);
    const runbook = /docs\/runbooks\/[\w-]+\.md/.exec(String(alarm['AlarmDescription']))?.[0] ?? 'none';
    expect(fs.existsSync(path.join(__dirname, '../..', runbook))).toBe(true);
  }
});

describe('where visits may be recorded', () => {
  test('recordings cannot change for as long as audit records are kept', () => {
    recorded.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } } },
    });
    const loose = testEnvironment({ recording: { enabled: true, lockMode: 'GOVERNANCE' } });
    Template.fromStack(stageOf(loose).video).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2557 } } },
    });
  });

  test('only Chime, for this account, writes them, encrypted with their own key', () => {
    recorded.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: 'RefuseOtherEncryption', Effect: 'Deny' }),
          Match.objectLike({ Sid: 'RefuseOtherKey', Effect: 'Deny' }),
          Match.objectLike({
            Sid: 'AllowMediaPipelines',
            Principal: { Service: 'mediapipelines.chime.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '333333333333' },
              ArnLike: { 'aws:SourceArn': 'arn:aws:chime:*:333333333333:*' },
            },
          }),
        ]),
      },
    });
  });

  test('the API may only say that people consented; the function alone makes the pipeline', () => {
    const statements = statementsOf(recorded);
    expect(statements.find(({ Sid }) => Sid === 'SayConsented')).toMatchObject({
      Action: 'events:PutEvents',
      Condition: {
        StringEquals: { 'events:source': 'telehealth.api', 'events:detail-type': 'Recording Consented' },
      },
    });
    expect(statements.filter(({ Action }) => Action === 'chime:CreateMediaCapturePipeline')).toHaveLength(1);
  });
});

test('where they may not, there is no bucket, no function for it and no permission', () => {
  unrecorded.resourceCountIs('AWS::S3::Bucket', 0);
  unrecorded.resourceCountIs('AWS::Lambda::Function', 1);
  expect(JSON.stringify(unrecorded.toJSON())).not.toMatch(/MediaCapturePipeline|mediapipelines|PutEvents/);
});

import { allow, att, bucket, document, key, plantedStack, role, tagged } from '../estate/support';
import { verdicts } from './support';

describe('nobody reads health data and silences its audit', () => {
  const READ = [
    allow('s3:GetObject', { 'Fn::Join': ['', [att('Bucket'), '/*']] }),
    allow('kms:Decrypt', att('Key')),
  ];
  const judge = (...more: readonly Readonly<Record<string, unknown>>[]): string | undefined =>
    verdicts(
      'TemplateNoReaderSilencesAudit',
      plantedStack({
        Key: key(),
        Bucket: bucket(),
        Logs: ['AWS::Logs::LogGroup', tagged('Audit')],
        Audit: ['AWS::DynamoDB::Table', tagged('Audit')],
        Kept: [
          'AWS::DynamoDB::Table',
          {
            ...tagged('Audit'),
            ResourcePolicy: {
              PolicyDocument: document({
                Effect: 'Deny',
                Action: 'dynamodb:DeleteItem',
                Resource: '*',
                Principal: { AWS: '*' },
              }),
            },
          },
        ],
        Role: role(...more),
      }),
    )['Role'];

  test.each<[string, readonly Readonly<Record<string, unknown>>[], string]>([
    ['who only reads', READ, 'compliant'],
    [
      'who stops the trail',
      [...READ, allow('cloudtrail:Stop*', '*')],
      'cloudtrail:StopLogging on the trail of the account',
    ],
    [
      'who deletes the log',
      [...READ, allow('logs:DeleteLogGroup', att('Logs'))],
      'logs:DeleteLogGroup on Data/Logs',
    ],
    [
      'who deletes audit rows',
      [...READ, allow('dynamodb:DeleteItem', att('Audit'))],
      'dynamodb:DeleteItem on Data/Audit',
    ],
    ['whom the table itself denies it', [...READ, allow('dynamodb:DeleteItem', att('Kept'))], 'compliant'],
    [
      'who disables the key',
      [...READ, allow('kms:ScheduleKeyDeletion', att('Key'))],
      'kms:ScheduleKeyDeletion on Data/Key',
    ],
    [
      'who takes the access log away',
      [...READ, allow('s3:PutBucketLogging', att('Bucket'))],
      's3:PutBucketLogging on the access log of Data/Bucket',
    ],
    [
      'who may do all but what is named',
      [...READ, { Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }],
      'cloudtrail:StopLogging',
    ],
    [
      'who changes rights',
      [...READ, allow('iam:AttachRolePolicy', '*')],
      'changes rights, and so may do everything',
    ],
    [
      'whom a denial keeps from it',
      [...READ, allow('cloudtrail:*', '*'), { Effect: 'Deny', Action: 'cloudtrail:*', Resource: '*' }],
      'compliant',
    ],
  ])('%s', (_words, statements, expected) => {
    expect(judge(...statements)).toContain(expected);
  });

  test('who silences and does not read is not its concern', () => {
    expect(judge(allow('cloudtrail:StopLogging', '*'))).toBeUndefined();
  });
});

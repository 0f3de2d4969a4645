import type { Estate } from '../../../lib/gate/estate/estate';
import { decryptorsOf, type Reader, readersOf } from '../../../lib/gate/phi/readers';
import { storesOf } from '../../../lib/gate/phi/stores';
import { allow, att, bucket, document, key, planted, plantedStack, role, tagged } from '../estate/support';

function readers(estate: Estate, logicalId = 'Bucket'): readonly Reader[] {
  const store = storesOf(estate).find(({ entity }) => entity.logicalId === logicalId);
  if (!store) throw new Error(`there is no store ${logicalId}`);
  return readersOf(estate, store);
}
const names = (all: readonly Reader[]): string[] => all.map(({ name }) => name);
const objects = { 'Fn::Join': ['', [att('Bucket'), '/*']] };
const GET = allow('s3:GetObject', objects);
const DECRYPT = allow('kms:Decrypt', att('Key'));
const BASE = { Key: key(), Bucket: bucket() } as const;

test('a bucket under a key is read by who may both get the object and decrypt', () => {
  const estate = plantedStack({
    ...BASE,
    Both: role(GET, DECRYPT),
    Gets: role(GET),
    Decrypts: role(DECRYPT),
  });
  expect(readers(estate)).toEqual([
    { name: 'Data/Both', how: 'reads it', condition: '', assumedBy: ['lambda.amazonaws.com'] },
  ]);
});

test('a policy that is attached the other way round, from another stack and with NotAction, counts', () => {
  const estate = planted({
    Data: {
      resources: BASE,
      exports: { Objects: objects, KeyArn: att('Key') },
    },
    App: {
      resources: {
        Role: role(),
        Policy: [
          'AWS::IAM::ManagedPolicy',
          {
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: document(
              { Effect: 'Allow', NotAction: 'iam:*', Resource: { 'Fn::ImportValue': 'Objects' } },
              allow('kms:*', { 'Fn::ImportValue': 'KeyArn' }),
            ),
          },
        ],
      },
    },
  });
  expect(names(readers(estate))).toEqual(['App/Role']);
});

test('users have what their groups and managed policies give them', () => {
  const estate = plantedStack({
    ...BASE,
    Policy: ['AWS::IAM::ManagedPolicy', { PolicyDocument: document(GET, DECRYPT) }],
    Group: ['AWS::IAM::Group', { ManagedPolicyArns: [{ Ref: 'Policy' }] }],
    User: ['AWS::IAM::User', { Groups: [{ Ref: 'Group' }] }],
    Other: ['AWS::IAM::User', {}],
  });
  expect(names(readers(estate))).toEqual(['Data/Group', 'Data/User']);
});

test('a denial saves only where it surely holds', () => {
  const deny = (more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
    Effect: 'Deny',
    Action: 's3:*',
    Resource: objects,
    ...more,
  });
  const estate = plantedStack({
    ...BASE,
    Denied: role(GET, DECRYPT, deny({})),
    Sometimes: role(GET, DECRYPT, deny({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } })),
    Partly: role(GET, DECRYPT, deny({ Resource: { 'Fn::Join': ['', [att('Bucket'), '/other/*']] } })),
  });
  expect(names(readers(estate))).toEqual(['Data/Partly', 'Data/Sometimes']);
});

test('the resource’s own policy denies and allows, and names outsiders', () => {
  const estate = plantedStack({
    ...BASE,
    Named: role(DECRYPT),
    Refused: role(GET, DECRYPT),
    Policy: [
      'AWS::S3::BucketPolicy',
      {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: document(
          allow('s3:GetObject', objects, { Principal: { AWS: att('Named') } }),
          allow('s3:GetObject', objects, { Principal: { AWS: 'arn:aws:iam::999999999999:root' } }),
          { Effect: 'Deny', Action: 's3:GetObject', Resource: objects, Principal: { AWS: att('Refused') } },
        ),
      },
    ],
  });
  expect(names(readers(estate))).toEqual(['Data/Named', 'arn:aws:iam::999999999999:root']);
});

test('a boundary takes away, one of another template does not', () => {
  const bounded = (arn: unknown): readonly [string, Readonly<Record<string, unknown>>] => {
    const [type, properties] = role(GET, DECRYPT);
    return [type, { ...properties, PermissionsBoundary: arn }];
  };
  const estate = plantedStack({
    ...BASE,
    Narrow: ['AWS::IAM::ManagedPolicy', { PolicyDocument: document(allow('sqs:*', '*')) }],
    Bounded: bounded({ Ref: 'Narrow' }),
    Unknown: bounded('arn:aws:iam::111111111111:policy/elsewhere'),
  });
  expect(names(readers(estate))).toEqual(['Data/Unknown']);
});

test('a key is used by its own policy, or by the account’s where it leaves it to them', () => {
  const estate = plantedStack({
    Bucket: bucket(),
    Key: [
      'AWS::KMS::Key',
      {
        ...tagged('PHI'),
        KeyPolicy: document(allow('kms:Decrypt', '*', { Principal: { AWS: att('Named') } })),
      },
    ],
    Named: role(GET),
    Own: role(GET, DECRYPT),
  });
  expect(names(readers(estate))).toEqual(['Data/Named']);
  const [decrypting] = estate.ofType('AWS::KMS::Key');
  if (!decrypting) throw new Error('there is no key');
  expect(names(decryptorsOf(estate, decrypting))).toEqual(['Data/Named']);
});

test('a key that may only be used for another service gives nothing, and a condition is told', () => {
  const via = (service: string): Readonly<Record<string, unknown>> =>
    allow('kms:Decrypt', att('Key'), {
      Condition: { StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` } },
    });
  const estate = plantedStack({ ...BASE, S3: role(GET, via('s3')), Sqs: role(GET, via('sqs')) });
  expect(readers(estate).map(({ name, condition }) => [name, condition])).toEqual([
    ['Data/S3', 'kms:ViaService StringEquals s3.us-east-1.amazonaws.com'],
  ]);
});

test('a policy that AWS manages and nobody knows here counts as everything', () => {
  const [type, properties] = role();
  const estate = plantedStack({
    ...BASE,
    Unknown: [type, { ...properties, ManagedPolicyArns: ['arn:aws:iam::aws:policy/Something'] }],
    Known: [
      type,
      {
        ...properties,
        ManagedPolicyArns: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' },
        ],
      },
    ],
  });
  expect(names(readers(estate))).toEqual(['Data/Unknown']);
});

test('who can become a reader, or put code into one, reads too', () => {
  const [type, properties] = role(GET, DECRYPT);
  const estate = plantedStack({
    ...BASE,
    Reader: [
      type,
      {
        ...properties,
        AssumeRolePolicyDocument: document(
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'sts:AssumeRole' },
        ),
      },
    ],
    Program: ['AWS::Lambda::Function', { Role: att('Reader') }],
    Assumes: role(allow('sts:AssumeRole', att('Reader'))),
    Codes: role(allow('lambda:UpdateFunctionCode', att('Program'))),
    Passes: role(allow('iam:PassRole', att('Reader')), allow('lambda:CreateFunction', '*')),
    PassesOnly: role(allow('iam:PassRole', att('Reader'))),
    Chain: role(allow('lambda:UpdateFunctionCode', att('Middle'))),
    Middle: ['AWS::Lambda::Function', { Role: att('Assumes') }],
    Administers: role(allow('iam:PutRolePolicy', '*')),
    Invokes: role(allow('lambda:InvokeFunction', att('Program'))),
  });
  expect(readers(estate).map(({ name, how }) => [name, how])).toEqual([
    ['Data/Administers', 'changes rights, and so becomes Data/Reader, which reads it'],
    ['Data/Assumes', 'assumes Data/Reader, which reads it'],
    [
      'Data/Chain',
      'puts code (lambda:UpdateFunctionCode) into Data/Assumes, and so assumes Data/Reader, which reads it',
    ],
    ['Data/Codes', 'puts code (lambda:UpdateFunctionCode) into Data/Reader, which reads it'],
    ['Data/Passes', 'runs programs as Data/Reader, which reads it'],
    ['Data/Reader', 'reads it'],
  ]);
});

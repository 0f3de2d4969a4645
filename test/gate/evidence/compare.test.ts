import { type App, CfnResource, type Stack } from 'aws-cdk-lib';
import { accept } from '../../../lib/gate';
import { compareFolders } from '../../../lib/gate/evidence/compare';
import { ACCEPTANCE, gatedApp, raw, stackIn } from '../support';
import { key, queue, release } from './releases';
import { cleanUp, evidenceOf } from './support';

afterAll(cleanUp);

const statement = (action: string, effect = 'Allow') => ({
  Effect: effect,
  Action: action,
  Resource: 'arn:aws:s3:::records/*',
});

/** What changed between the two. */
function changes(earlier: (stack: Stack) => void, later: (stack: Stack) => void) {
  return compareFolders(release(earlier), release(later)).changes.map(({ kind, text }) => `${kind}: ${text}`);
}

const policy =
  (...statements: readonly object[]) =>
  (stack: Stack) => {
    raw(stack, 'Policy', 'AWS::IAM::ManagedPolicy', {
      Roles: ['reader'],
      PolicyDocument: { Statement: statements },
    });
  };
const group =
  (...ingress: readonly object[]) =>
  (stack: Stack) => {
    raw(stack, 'Group', 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'tasks',
      SecurityGroupIngress: ingress,
    });
  };
const endpoint = (properties: object) => (stack: Stack) => {
  raw(stack, 'Endpoint', 'AWS::EC2::VPCEndpoint', { ServiceName: 's3', VpcId: 'vpc', ...properties });
};
const logs = (properties: object) => (stack: Stack) => {
  raw(stack, 'Logs', 'AWS::Logs::LogGroup', { KmsKeyId: 'key', RetentionInDays: 2557, ...properties });
};
test.each<[string, (stack: Stack) => void, (stack: Stack) => void, RegExp]>([
  [
    'an action more',
    policy(statement('s3:GetObject')),
    policy(statement('s3:GetObject'), statement('s3:PutObject')),
    /broadened-access: .*reader may now s3:PutObject on arn:aws:s3:::records/,
  ],
  [
    'several actions more, in one line',
    policy(statement('s3:GetObject')),
    policy(statement('s3:GetObject'), {
      ...statement('s3:PutObject'),
      Action: ['s3:PutObject', 's3:PutObjectTagging'],
    }),
    /broadened-access: .*reader may now s3:PutObject, s3:PutObjectTagging on arn:aws:s3:::records/,
  ],
  [
    'a denial less',
    policy(statement('s3:GetObject'), statement('s3:DeleteObject', 'Deny')),
    policy(statement('s3:GetObject')),
    /broadened-access: .*no longer denied s3:DeleteObject/,
  ],
  [
    'a principal of a key more',
    key('arn:aws:iam::111111111111:role/one'),
    key('arn:aws:iam::111111111111:role/one', 'arn:aws:iam::111111111111:role/two'),
    /broadened-access: .*role\/two may now kms:Decrypt/,
  ],
  [
    'an endpoint whose policy is gone',
    endpoint({ PolicyDocument: { Statement: [{ ...statement('s3:GetObject'), Principal: '*' }] } }),
    endpoint({}),
    /broadened-access: AWS::EC2::VPCEndpoint has no policy/,
  ],
  [
    'a group that admits more',
    group(),
    group({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.0.0.0/8' }),
    /broadened-access: .*admits 10\.0\.0\.0\/8 on TCP 5432/,
  ],
  [
    'a group that admits everyone',
    group(),
    group({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }),
    /broadened-access: .*admits Everyone \(IPv4\) on TCP 443/,
  ],
  [
    'a shorter retention',
    logs({}),
    logs({ RetentionInDays: 30 }),
    /changed-retention: RetentionInDays of AWS::Logs::LogGroup was 2557 and is 30\./,
  ],
  [
    'a shorter stay in a queue',
    queue({ MessageRetentionPeriod: 600 }),
    queue({ MessageRetentionPeriod: 60 }),
    /changed-retention: MessageRetentionPeriod of AWS::SQS::Queue was 600 and is 60\./,
  ],
  [
    'a table without its protection',
    (stack) => raw(stack, 'Table', 'AWS::DynamoDB::Table', { DeletionProtectionEnabled: true }),
    (stack) => raw(stack, 'Table', 'AWS::DynamoDB::Table', { DeletionProtectionEnabled: false }),
    /changed-retention: The release would drop its protection from deletion: AWS::DynamoDB::Table\./,
  ],
  [
    'a log group of another name',
    logs({ LogGroupName: 'a' }),
    logs({ LogGroupName: 'b' }),
    /replaced-stateful: AWS::Logs::LogGroup is made anew and empty\./,
  ],
  [
    'a queue that is gone',
    queue({ KmsMasterKeyId: 'key' }),
    key('arn:aws:iam::111111111111:role/one'),
    /replaced-stateful: AWS::SQS::Queue is deleted\./,
  ],
  [
    'a finding',
    queue({ KmsMasterKeyId: 'key' }),
    queue({}),
    /new: Dev\/Data\/Queue: .*KmsMasterKeyId is absent/,
  ],
  [
    'a finding mended',
    queue({}),
    queue({ KmsMasterKeyId: 'key' }),
    /fixed: Dev\/Data\/Queue no longer breaks TemplateSqsEncrypted\./,
  ],
  [
    'a control',
    queue({ KmsMasterKeyId: 'key' }),
    queue({}),
    /status: Encryption and decryption was not assessed and is not met\./,
  ],
])('%s is said', (_, earlier, later, expected) => {
  expect(changes(earlier, later)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
});

test('what narrows access broadens nothing', () => {
  const said = changes(
    policy(statement('s3:GetObject'), statement('s3:PutObject')),
    policy(statement('s3:GetObject'), statement('s3:DeleteObject', 'Deny')),
  );
  expect(said.filter((line) => line.startsWith('broadened-access'))).toEqual([]);
});

test('an exception that is new, and one that has expired, are said', () => {
  const accepted = (expires: string) => (stack: Stack) =>
    accept(raw(stack, 'Queue', 'AWS::SQS::Queue', {}), 'TemplateSqsEncrypted', { ...ACCEPTANCE, expires });
  expect(changes(queue({}), accepted('2027-10-31'))).toContain(
    'newly-accepted: Dev/Data/Queue is now excepted from TemplateSqsEncrypted.',
  );
  expect(changes(accepted('2027-10-31'), accepted('2026-11-22'))).toContain(
    'expired: The exception of Dev/Data/Queue from TemplateSqsEncrypted held until 2026-11-22; platform-engineering answers for it.',
  );
});

test('a release compared with itself has not changed, and twice says the same', () => {
  const [one, two] = [release(queue({})), release(queue({}))];
  expect(compareFolders(one, two).changes).toEqual([]);
  const other = release(key('*'));
  expect(compareFolders(one, other)).toEqual(compareFolders(one, other));
});

test('an environment that is new is named once, and not each thing in it', () => {
  const both = (app: App) => new CfnResource(stackIn(app, 'Prod'), 'Queue', { type: 'AWS::SQS::Queue' });
  const app = gatedApp();
  queue({ KmsMasterKeyId: 'key' })(stackIn(app));
  both(app);
  const { changes: said } = compareFolders(release(queue({ KmsMasterKeyId: 'key' })), evidenceOf(app).folder);
  expect(said).toEqual([expect.objectContaining({ environment: 'Prod', kind: 'status' })]);
});

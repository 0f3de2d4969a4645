import { Addresses } from '../../../lib/local/tasks/addresses';
import { CredentialsServer } from '../../../lib/local/tasks/credentials-server';
import { Images, localCommand } from '../../../lib/local/tasks/images';
import { trustsTasks } from '../../../lib/local/tasks/roles';
import { parseSecretReference } from '../../../lib/local/tasks/secrets';

const ACCOUNT = '000000000000';
const SOURCE = `arn:aws:ecs:us-east-1:${ACCOUNT}:*`;

function trust(statement: object): string {
  const base = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ ...base, ...statement }] });
}

test.each([
  ['ECS without conditions', {}, true],
  [
    'the own account',
    { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': SOURCE } } },
    true,
  ],
  ['another account', { Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } }, false],
  [
    'another region',
    { Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:eu-west-1:${ACCOUNT}:*` } } },
    false,
  ],
  ['another service', { Principal: { Service: 'lambda.amazonaws.com' } }, false],
  ['a condition that ECS does not send', { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }, false],
])('trust of %s', (_name, statement, expected) => {
  expect(trustsTasks(trust(statement), ACCOUNT, SOURCE)).toBe(expected);
});

describe('secret references', () => {
  const arn = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:db-AbCdEf`;

  test('the whole secret, or a key of it', () => {
    expect(parseSecretReference(arn)).toEqual({ secretId: arn });
    expect(parseSecretReference(`${arn}:password::`)).toEqual({ secretId: arn, key: 'password' });
    expect(parseSecretReference(`${arn}::AWSPREVIOUS:`)).toEqual({ secretId: arn, stage: 'AWSPREVIOUS' });
  });

  test.each([`${arn}:password`, `${arn}:password:`, `${arn}:a:b:c:d`, `${arn}::STAGE:version`])(
    '%s is refused',
    (text) => {
      expect(() => parseSecretReference(text)).toThrow('invalid secret reference');
    },
  );
});

test('an image of another origin is refused by name', () => {
  expect(() => new Images('/nowhere', '/nowhere').pull('docker.io/library/nginx:1')).toThrow(
    'CannotPullContainerError: docker.io/library/nginx:1',
  );
});

test('paths and node of the image are those of this machine', () => {
  const image = { root: '/srv/image', command: [] };
  expect(localCommand(image, ['node', '/app/health.js', '--app'])).toEqual([
    process.execPath,
    '/srv/image/health.js',
    '--app',
  ]);
});

test('tasks get addresses of their own in the subnets and free them again', async () => {
  const client = {
    send: () => Promise.resolve({ Subnets: [{ CidrBlock: '10.0.4.0/22' }, { CidrBlock: '10.0.8.0/22' }] }),
  };
  const addresses = new Addresses(client as unknown as ConstructorParameters<typeof Addresses>[0]);
  const first = await addresses.take(['a', 'b'], 3000, 41001);
  const second = await addresses.take(['a', 'b'], 3000, 41002);
  expect([first.id, second.id]).toEqual(['10.0.4.4', '10.0.8.4']);
  expect(addresses.resolve(second)).toEqual({ host: '127.0.0.1', port: 41002 });
  addresses.release(first);
  expect(addresses.resolve(first)).toBeUndefined();
  expect((await addresses.take(['a', 'b'], 3000, 41003)).id).toBe('10.0.4.4');
});

test('keys are given for the right token only, until access is closed', async () => {
  const server = new CredentialsServer();
  await server.listen();
  const keys = {
    accessKeyId: 'ASIA1',
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: new Date(Date.now() + 3_600_000),
  };
  const access = server.open('arn:aws:iam::000000000000:role/task', () => Promise.resolve(keys));
  const {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url = '',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization = '',
  } = access.environment;
  const ask = async (token: string): Promise<Response> => fetch(url, { headers: { authorization: token } });
  const given = await ask(authorization);
  expect(await given.json()).toMatchObject({ AccessKeyId: 'ASIA1', SecretAccessKey: 's', Token: 't' });
  expect((await ask('x'.repeat(authorization.length))).status).toBe(403);
  access.close();
  expect((await ask(authorization)).status).toBe(403);
  server.close();
});

import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientOptions } from '../../lib/local/cloud';
import { zipOne } from '../../lib/local/deploy/zip';
import { startTestEmulator, type TestEmulator } from './support/emulator';

const NAME = '/test/value';
let emulator: TestEmulator;
let iam: IAMClient;

beforeAll(async () => {
  emulator = await startTestEmulator();
  iam = new IAMClient(clientOptions(emulator.cloud));
  await new SSMClient(clientOptions(emulator.cloud)).send(
    new PutParameterCommand({ Name: NAME, Value: 'read', Type: 'String' }),
  );
}, 120_000);

afterAll(() => emulator.end(), 30_000);

async function makeRole(RoleName: string, principal: object): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  return Role!.Arn!;
}

async function allowReading(RoleName: string): Promise<void> {
  const Resource = `arn:aws:ssm:us-east-1:000000000000:parameter${NAME}`;
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: 'read',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource }],
      }),
    }),
  );
}

async function forbidReading(RoleName: string): Promise<void> {
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'read' }));
}

test('a permission taken from a role makes its calls fail', async () => {
  const RoleArn = await makeRole('task', { AWS: 'arn:aws:iam::000000000000:root' });
  await allowReading('task');
  const { Credentials } = await new STSClient(clientOptions(emulator.cloud)).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }),
  );
  const asTask = new SSMClient(
    clientOptions(emulator.cloud, {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    }),
  );
  const read = () => asTask.send(new GetParameterCommand({ Name: NAME }));
  expect((await read()).Parameter?.Value).toBe('read');
  await forbidReading('task');
  await expect(read()).rejects.toThrow(/not authorized/);
}, 30_000);

test('a role that trusts another account only is not assumed', async () => {
  const RoleArn = await makeRole('closed', { AWS: 'arn:aws:iam::333333333333:root' });
  const sts = new STSClient(clientOptions(emulator.cloud));
  await expect(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }))).rejects.toThrow(
    /not authorized/,
  );
});

test("a permission taken from a function's role makes its calls fail", async () => {
  const Role = await makeRole('reader', { Service: 'lambda.amazonaws.com' });
  await allowReading('reader');
  const lambda = new LambdaClient(clientOptions(emulator.cloud));
  const code = `
    const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm');
    exports.handler = async () => {
      const { Parameter } = await new SSMClient().send(new GetParameterCommand({ Name: '${NAME}' }));
      return Parameter.Value;
    };`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'reader',
      Role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOne('index.js', Buffer.from(code)) },
      Timeout: 20,
    }),
  );
  const invoke = async (): Promise<string> => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'reader' }));
    return Buffer.from(Payload!).toString();
  };
  expect(await invoke()).toBe('"read"');
  await forbidReading('reader');
  expect(await invoke()).toMatch(/not authorized/);
}, 60_000);

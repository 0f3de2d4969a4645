import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeAddressesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, GetBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { type Json, markLiterals } from '../../lib/local/bridge/literals';
import { clientOptions } from '../../lib/local/cloud';
import { ensureBridge } from '../../lib/local/deploy/bridge-function';
import { startTestEmulator, type TestEmulator } from './support/emulator';

const answerSchema = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().optional(),
  PhysicalResourceId: z.string(),
  Data: z.record(z.string(), z.string()).optional(),
});
type Answer = z.output<typeof answerSchema>;

let emulator: TestEmulator;
let cloudFormation: http.Server;
let answer: Answer;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await ensureBridge(emulator.cloud);
  cloudFormation = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      answer = answerSchema.parse(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
}, 120_000);

afterAll(async () => {
  cloudFormation.close();
  await emulator.end();
}, 30_000);

/** Plays CloudFormation: asks the bridge's function as the custom resource protocol says. */
async function ask(
  RequestType: 'Create' | 'Update' | 'Delete',
  LocalType: string,
  properties: Json,
  more: { PhysicalResourceId?: string; previous?: Json } = {},
): Promise<Answer> {
  const resource = (value: Json): object => ({ LocalType, LocalProperties: markLiterals(value) });
  await new LambdaClient(clientOptions(emulator.cloud)).send(
    new InvokeCommand({
      FunctionName: 'local-bridge',
      Payload: JSON.stringify({
        RequestType,
        RequestId: 'request',
        StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Test/1',
        ResponseURL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/`,
        ResourceType: 'Custom::Local',
        LogicalResourceId: 'Thing',
        PhysicalResourceId: more.PhysicalResourceId,
        ResourceProperties: resource(properties),
        OldResourceProperties: resource(more.previous ?? properties),
      }),
    }),
  );
  return answer;
}

test('a create that is repeated finds what the first one made, and a delete leaves nothing', async () => {
  const ec2 = new EC2Client(clientOptions(emulator.cloud));
  const count = async () => (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length;
  const first = await ask('Create', 'AWS::EC2::EIP', {});
  const second = await ask('Create', 'AWS::EC2::EIP', {});
  expect(first.Status).toBe('SUCCESS');
  expect(second.PhysicalResourceId).toBe(first.PhysicalResourceId);
  expect(await count()).toBe(1);
  await ask('Delete', 'AWS::EC2::EIP', {}, { PhysicalResourceId: first.PhysicalResourceId });
  expect(await count()).toBe(0);
  const again = await ask('Delete', 'AWS::EC2::EIP', {}, { PhysicalResourceId: first.PhysicalResourceId });
  expect(again.Status).toBe('SUCCESS');
}, 30_000);

test('a property of another shape fails and names itself; deleting what was not made succeeds', async () => {
  const { Status, Reason, PhysicalResourceId } = await ask('Create', 'AWS::EC2::NatGateway', { SubnetId: 5 });
  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(/AWS::EC2::NatGateway: [^]*SubnetId/);
  const gone = await ask('Delete', 'AWS::EC2::NatGateway', { SubnetId: 5 }, { PhysicalResourceId });
  expect(gone.Status).toBe('SUCCESS');
}, 30_000);

test('a task definition keeps its secrets, its health check and its Linux parameters', async () => {
  const { PhysicalResourceId } = await ask('Create', 'AWS::ECS::TaskDefinition', {
    Family: 'api',
    ContainerDefinitions: [
      {
        Name: 'api',
        Image: 'image',
        Secrets: [{ Name: 'KEY', ValueFrom: 'arn' }],
        HealthCheck: { Command: ['CMD', 'true'], Retries: 3 },
        LinuxParameters: { InitProcessEnabled: true },
        LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } },
      },
    ],
  });
  const { taskDefinition } = await new ECSClient(clientOptions(emulator.cloud)).send(
    new DescribeTaskDefinitionCommand({ taskDefinition: PhysicalResourceId }),
  );
  expect(taskDefinition?.containerDefinitions?.[0]).toMatchObject({
    secrets: [{ name: 'KEY', valueFrom: 'arn' }],
    healthCheck: { retries: 3 },
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: { options: { mode: 'non-blocking' } },
  });
}, 30_000);

test('a cluster answers at the real PostgreSQL, follows it when it moves, and goes in spite of protection', async () => {
  const cluster = (Port: number): Json => ({
    DBClusterIdentifier: 'care',
    Engine: 'aurora-postgresql',
    MasterUsername: 'admin_user',
    ManageMasterUserPassword: true,
    DeletionProtection: true,
    LocalEndpoint: { Host: '127.0.0.1', Port },
  });
  const made = await ask('Create', 'AWS::RDS::DBCluster', cluster(5001));
  expect(made.Data).toMatchObject({ 'Endpoint.Address': '127.0.0.1', 'Endpoint.Port': '5001' });
  const { PhysicalResourceId } = made;
  const moved = await ask('Update', 'AWS::RDS::DBCluster', cluster(5002), {
    PhysicalResourceId,
    previous: cluster(5001),
  });
  expect(moved.PhysicalResourceId).toBe(PhysicalResourceId);
  expect(moved.Data?.['Endpoint.Port']).toBe('5002');
  await ask('Delete', 'AWS::RDS::DBCluster', cluster(5002), { PhysicalResourceId });
  const { DBClusters } = await new RDSClient(clientOptions(emulator.cloud)).send(
    new DescribeDBClustersCommand({}),
  );
  expect(DBClusters).toEqual([]);
}, 30_000);

test("a bucket's encryption is applied, and outlives a restart of the emulator", async () => {
  const s3 = new S3Client({ ...clientOptions(emulator.cloud), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'documents' }));
  const { Status } = await ask('Create', 'reconcile:AWS::S3::Bucket', {
    Id: 'documents',
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' },
        },
      ],
    },
  });
  expect(Status).toBe('SUCCESS');
  expect((await emulator.restart()).fresh).toBe(false);
  const { ServerSideEncryptionConfiguration } = await s3.send(
    new GetBucketEncryptionCommand({ Bucket: 'documents' }),
  );
  expect(ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
    BucketKeyEnabled: true,
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' },
  });
}, 60_000);

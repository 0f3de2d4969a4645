import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { approverIn, hasDeployed, pipelineOf, readStage } from '../../lib/release/pipeline-state';
import { AwsServer } from '../support/aws-server';
import { StillClock } from './support/clock';

const APPROVER = 'arn:aws:sts::444444444444:assumed-role/Approver/session';
const stage = (more: object = {}, execution = 'e-1') => ({
  stageName: 'Prod',
  latestExecution: { pipelineExecutionId: execution, status: 'InProgress' },
  actionStates: [
    { actionName: 'ApproveProd', latestExecution: { status: 'Succeeded', lastUpdatedBy: APPROVER, ...more } },
    { actionName: 'Network.Deploy' },
  ],
});

const servers: AwsServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

/** What is read of a pipeline whose state is that. */
async function read(stageStates: readonly object[]) {
  const server = await AwsServer.start(() => ({ body: JSON.stringify({ stageStates }) }));
  servers.push(server);
  const client = new CodePipelineClient({
    ...{ region: 'us-east-1', endpoint: server.endpoint },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const patience = { clock: new StillClock(new Date(0)), progress: () => undefined };
  return readStage(client, { pipeline: 'platform', stage: 'Prod' }, patience);
}

test('the approver is who ended the approval of this execution', async () => {
  expect(approverIn(await read([stage()]), 'ApproveProd', 'e-1')).toBe(APPROVER);
  expect(servers[0]?.calls[0]).toMatchObject({ operation: 'GetPipelineState', body: '{"name":"platform"}' });
});

test('nobody is named for another execution, another action, or what is not approved', async () => {
  const found = await read([stage()]);
  expect(approverIn(found, 'ApproveProd', 'e-2')).toBeUndefined();
  expect(approverIn(found, 'ApproveStaging', 'e-1')).toBeUndefined();
  const waiting = await read([stage({ status: 'InProgress' })]);
  expect(approverIn(waiting, 'ApproveProd', 'e-1')).toBeUndefined();
});

test('a stage has deployed once one of its change sets was executed', async () => {
  expect(hasDeployed(await read([stage()]))).toBe(false);
  const { actionStates, ...rest } = stage();
  const deployed = { actionName: 'Network.Deploy', latestExecution: { status: 'Succeeded' } };
  expect(hasDeployed(await read([{ ...rest, actionStates: [...actionStates, deployed] }]))).toBe(true);
});

test('a stage that is not there, and a build that no pipeline started, are refused with what is wrong', async () => {
  await expect(read([{ stageName: 'Staging' }])).rejects.toThrow('The pipeline platform has no stage Prod.');
  expect(pipelineOf('codepipeline/platform')).toBe('platform');
  expect(() => pipelineOf('user')).toThrow(/CODEBUILD_INITIATOR is "user"/);
});

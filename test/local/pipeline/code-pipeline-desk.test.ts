import {
  CodePipelineClient,
  GetPipelineCommand,
  GetPipelineStateCommand,
} from '@aws-sdk/client-codepipeline';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Recorder } from '../../../lib/local/pipeline/play/recorder';
import { CodePipelineDesk } from '../../../lib/local/pipeline/world/code-pipeline-desk';

const APPROVER = 'arn:aws:iam::444444444444:root';
const STAGES = [{ name: 'Prod', actions: ['Review', 'ApproveProd', 'Network.Deploy'] }];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'desk-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

let number = 0;
let desk: CodePipelineDesk;
afterEach(() => desk.close());

/** A rehearsal that is being played. */
async function rehearsal(): Promise<{ readonly recorder: Recorder; readonly client: CodePipelineClient }> {
  const recorder = new Recorder(path.join(folder, String(number++)), () => undefined);
  desk = new CodePipelineDesk(recorder, path.join(folder, 'states.json'));
  const endpoint = await desk.listen();
  desk.serve({ name: 'platform', approver: APPROVER });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { recorder, client: new CodePipelineClient({ region: 'us-east-1', endpoint, credentials }) };
}
const read = async (client: CodePipelineClient) =>
  (await client.send(new GetPipelineStateCommand({ name: 'platform' }))).stageStates ?? [];

test('tells the last execution of each action, who approved, and what never ran', async () => {
  const { recorder, client } = await rehearsal();
  recorder.execution('e-1', STAGES);
  for (const [action, provider] of [
    ['Review', 'CodeBuild'],
    ['ApproveProd', 'Manual'],
  ] as const)
    recorder.end(recorder.action('e-1', 'Prod', action, provider), 'Succeeded');
  expect(await read(client)).toMatchObject([
    {
      stageName: 'Prod',
      latestExecution: { pipelineExecutionId: 'e-1', status: 'Succeeded' },
      actionStates: [
        { actionName: 'Review', latestExecution: { status: 'Succeeded' } },
        { actionName: 'ApproveProd', latestExecution: { status: 'Succeeded', lastUpdatedBy: APPROVER } },
        { actionName: 'Network.Deploy' },
      ],
    },
  ]);
});

test('what an earlier rehearsal has deployed stays deployed', async () => {
  const first = await rehearsal();
  first.recorder.execution('e-2', STAGES);
  first.recorder.end(first.recorder.action('e-2', 'Prod', 'Network.Deploy', 'CloudFormation'), 'Succeeded');
  desk.close();
  const { recorder, client } = await rehearsal();
  recorder.execution('e-3', STAGES);
  const [prod] = await read(client);
  expect(prod?.actionStates?.at(-1)?.latestExecution?.status).toBe('Succeeded');
});

test('another pipeline and another operation are refused in words', async () => {
  const { client } = await rehearsal();
  await expect(client.send(new GetPipelineStateCommand({ name: 'other' }))).rejects.toThrow(
    'There is no pipeline other on this machine.',
  );
  await expect(client.send(new GetPipelineCommand({ name: 'platform' }))).rejects.toThrow(
    /GetPipeline is not answered/,
  );
});

import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { STSClient } from '@aws-sdk/client-sts';
import { takeCaller } from '../../lib/release/caller';
import { firstDeployment, guardText } from '../../lib/release/guard';
import { xml, xmlError } from '../migrations/remote/xml';
import { type AwsAnswer, AwsServer } from '../support/aws-server';
import { StillClock } from './support/clock';

let server: AwsServer | undefined;
afterEach(() => server?.stop());

/** Takes the role where STS answers that, and the network stack was deployed with that result. */
async function take(said: AwsAnswer, network: string | undefined) {
  const actions = [
    { actionName: 'Network.GuardNetwork', latestExecution: { status: 'InProgress' } },
    { actionName: 'Network.Deploy', ...(network && { latestExecution: { status: network } }) },
  ];
  const state = { stageStates: [{ stageName: 'Prod', actionStates: actions }] };
  server = await AwsServer.start(({ operation }) =>
    operation === 'AssumeRole' ? said : { body: JSON.stringify(state) },
  );
  const access = {
    ...{ region: 'us-east-1', endpoint: server.endpoint, maxAttempts: 1 },
    credentials: { accessKeyId: 'build', secretAccessKey: 'secret' },
  };
  return takeCaller({
    ...{ roleArn: 'arn:aws:iam::333333333333:role/caller', session: 'guard-e-1' },
    place: { pipeline: 'platform', stage: 'Prod' },
    ...{ sts: new STSClient(access), codePipeline: new CodePipelineClient(access) },
    patience: { clock: new StillClock(new Date(0)), progress: () => undefined },
  });
}
const given = xml(
  'AssumeRole',
  '<Credentials><AccessKeyId>taken</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-28T22:00:00Z</Expiration></Credentials>',
);
const denied = xmlError('AccessDenied', 'not authorized to perform sts:AssumeRole');

test('a role that is there is taken, and the pipeline is not asked', async () => {
  const credentials = await take(given, undefined);
  expect(await credentials?.()).toMatchObject({ accessKeyId: 'taken', sessionToken: 't' });
  expect(new Set(server?.calls.map(({ operation }) => operation))).toEqual(new Set(['AssumeRole']));
});

test.each([undefined, 'Failed'])(
  'before the first deployment there is nobody to become (the stack ended with %s)',
  async (network) => {
    expect(await take(denied, network)).toBeUndefined();
  },
);

test('once the stage was deployed a role that lets nobody in is no first deployment', async () => {
  await expect(take(denied, 'Succeeded')).rejects.toThrow(
    /caller cannot be taken, and the stage Prod has been deployed: .* AWS said: not authorized to perform sts:AssumeRole$/,
  );
});

test('any other failure of STS is one, whatever was deployed', async () => {
  await expect(take(xmlError('RegionDisabledException', 'not here'), undefined)).rejects.toThrow('not here');
});

test('what nobody could read is told as such, and not as a change set without changes', () => {
  const report = firstDeployment('Prod-Network', 'PipelineChange');
  expect(report.passed).toBe(true);
  expect(guardText(report)).toMatch(/^Prod-Network: the first deployment of its environment\./);
});

import { RemoteError, runRemotely } from '../../../lib/migrations/remote';
import { findDeployed } from '../../../lib/migrations/remote/deployed';
import { markMoment, takeSnapshot } from '../../../lib/migrations/remote/restore-point';
import { trafficProblems } from '../../../lib/migrations/remote/traffic';
import type { AwsAnswer, AwsCall, AwsServer } from '../../support/aws-server';
import { awsThatAnswers, json, KEYS, ran, TestClock } from './support';
import { stackWith, xml, xmlError } from './xml';

let server: AwsServer | undefined;
afterEach(() => server?.stop());

async function clientsFor(answer: (call: AwsCall) => AwsAnswer) {
  const aws = await awsThatAnswers(answer);
  server = aws.server;
  return aws;
}

const OUTPUTS = {
  MigrationRunnerName: 'runner',
  PrepareDatabaseName: 'preparer',
  ClusterIdentifier: 'telehealth-prod',
  Release: '1+abc',
  Commit: 'abc',
  Other: 'x',
};
const identity = xml(
  'GetCallerIdentity',
  '<Arn>arn:aws:sts::333333333334:assumed-role/on-call/pat</Arn><UserId>u</UserId><Account>333333333334</Account>',
);

describe('finding what was deployed', () => {
  test('the names stand in the outputs of the data stack', async () => {
    const { clients } = await clientsFor(() => stackWith(OUTPUTS));
    await expect(findDeployed(clients.cloudFormation, 'Prod-Data')).resolves.toEqual({
      runner: 'runner',
      preparer: 'preparer',
      cluster: 'telehealth-prod',
      release: '1+abc',
      commit: 'abc',
    });
  });

  test('a stack that is not there, or older than the runner, is said in a sentence', async () => {
    const missing = await clientsFor(() =>
      xmlError('ValidationError', 'Stack with id Prod-Data does not exist'),
    );
    await expect(findDeployed(missing.clients.cloudFormation, 'Prod-Data')).rejects.toThrow(
      /no stack Prod-Data.*deploy it first/,
    );
    await missing.server.stop();
    const old = await clientsFor(() => stackWith({ ClusterIdentifier: 'x', Release: '1' }));
    await expect(findDeployed(old.clients.cloudFormation, 'Prod-Data')).rejects.toThrow(
      'The stack Prod-Data has no output MigrationRunnerName, PrepareDatabaseName, Commit: deploy it anew.',
    );
  });
});

describe('running remotely', () => {
  const options = (account: string, endpoint: string) => ({
    account,
    stack: 'Prod-Data',
    access: { region: 'us-east-1', endpoint, credentials: KEYS },
    clock: new TestClock(),
    progress: () => undefined,
  });

  test('a placeholder account is refused in one sentence, and nobody is asked', async () => {
    const { endpoint } = await clientsFor(() => identity);
    await expect(runRemotely({ action: 'status' }, options('333333333333', endpoint))).rejects.toThrow(
      /^Account 333333333333 is a placeholder: [^.]*lib\/config\/environments\.$/,
    );
    expect(server!.calls).toEqual([]);
  });

  test('another account than the environment’s is refused before anything is called', async () => {
    const { endpoint } = await clientsFor(() => identity);
    await expect(runRemotely({ action: 'status' }, options('123456789012', endpoint))).rejects.toThrow(
      new RemoteError('You are signed in to account 333333333334, and the environment is in 123456789012.'),
    );
  });

  test('the runner is told who asks by their own identity', async () => {
    const { endpoint } = await clientsFor(({ operation, line }) => {
      if (operation === 'GetCallerIdentity') return identity;
      if (operation === 'DescribeStacks') return stackWith(OUTPUTS);
      return line.includes('/functions/runner/') ? json(ran('done', [])) : { status: 404, body: '{}' };
    });
    const report = await runRemotely({ action: 'up' }, options('333333333334', endpoint));
    expect(report.outcome).toBe('done');
    expect(JSON.parse(server!.calls.at(-1)!.body)).toMatchObject({
      runner: { actor: 'arn:aws:sts::333333333334:assumed-role/on-call/pat', release: '1+abc' },
    });
  });
});

describe('a way back', () => {
  const clock = new TestClock();
  const of = (client: Parameters<typeof markMoment>[0]['client']) => ({
    client,
    clock,
    cluster: 'telehealth-prod',
    release: '0.1.0+abcdef',
    phase: 'contract',
    progress: () => undefined,
  });
  const snapshots = (state: string) =>
    xml(
      'DescribeDBClusterSnapshots',
      `<DBClusterSnapshots><DBClusterSnapshot><Status>${state}</Status></DBClusterSnapshot></DBClusterSnapshots>`,
    );

  test('the moment is the latest that the cluster can be restored to', async () => {
    const { clients } = await clientsFor(() =>
      xml(
        'DescribeDBClusters',
        '<DBClusters><DBCluster><LatestRestorableTime>2026-11-24T00:20:00Z</LatestRestorableTime></DBCluster></DBClusters>',
      ),
    );
    await expect(markMoment(of(clients.rds))).resolves.toBe(
      'moment:telehealth-prod@2026-11-24T00:20:00.000Z',
    );
  });

  test('a snapshot is named after phase and release, and finished before it counts', async () => {
    const states = ['creating', 'creating', 'available'];
    const { clients } = await clientsFor(({ operation }) =>
      operation === 'CreateDBClusterSnapshot' ? xml(operation, '') : snapshots(states.shift()!),
    );
    await expect(takeSnapshot(of(clients.rds))).resolves.toBe(
      'snapshot:telehealth-prod-before-contract-0-1-0-abcdef',
    );
    expect(server!.calls.map(({ operation }) => operation)).toEqual([
      'CreateDBClusterSnapshot',
      ...Array<string>(3).fill('DescribeDBClusterSnapshots'),
    ]);
  });

  test('the snapshot of an earlier try is from before, and is kept; one that failed is no way back', async () => {
    let state = 'available';
    const { clients } = await clientsFor(({ operation }) =>
      operation === 'CreateDBClusterSnapshot'
        ? xmlError('DBClusterSnapshotAlreadyExistsFault', 'exists')
        : snapshots(state),
    );
    await expect(takeSnapshot(of(clients.rds))).resolves.toMatch(/^snapshot:/);
    state = 'failed';
    await expect(takeSnapshot(of(clients.rds))).rejects.toThrow(/failed: delete it/);
    state = 'creating';
    await expect(takeSnapshot(of(clients.rds))).rejects.toThrow(/still "creating" after an hour/);
  });
});

describe('the traffic of older releases', () => {
  const set = (revision: number, status: string, runningCount: number, more: object = {}) => ({
    taskDefinition: `arn:aws:ecs:us-east-1:333333333333:task-definition/prod-api:${revision}`,
    status,
    runningCount,
    pendingCount: 0,
    stabilityStatus: 'STEADY_STATE',
    ...more,
  });
  const problemsOf = async (service: object) => {
    const { clients } = await clientsFor(() => json({ services: [{ status: 'ACTIVE', ...service }] }));
    return (await trafficProblems(clients.ecs, { cluster: 'c', service: 'api' })).map(
      ({ message }) => message,
    );
  };

  test('one settled release speaks for it, as does a service that is not there', async () => {
    await expect(problemsOf({ taskSets: [set(7, 'PRIMARY', 2), set(6, 'DRAINING', 0)] })).resolves.toEqual(
      [],
    );
    await server!.stop();
    await expect(problemsOf({ status: 'INACTIVE', taskSets: [] })).resolves.toEqual([]);
  });

  test.each([
    [
      'two releases have tasks',
      { taskSets: [set(7, 'PRIMARY', 2), set(6, 'ACTIVE', 2)] },
      /2 releases have tasks: prod-api:7.*prod-api:6/,
    ],
    ['an old one drains', { taskSets: [set(7, 'PRIMARY', 2), set(6, 'DRAINING', 1)] }, /2 releases/],
    [
      'tasks of the only one start',
      { taskSets: [set(7, 'PRIMARY', 1, { pendingCount: 1 })] },
      /deployment is in progress/,
    ],
    [
      'the only one is not settled',
      { taskSets: [set(7, 'PRIMARY', 1, { stabilityStatus: 'STABILIZING' })] },
      /in progress/,
    ],
    [
      'ECS itself rolls',
      { deployments: [{ runningCount: 1 }, { runningCount: 1 }] },
      /2 deployments have tasks/,
    ],
  ])('%s: the contract waits', async (_what, service, message) => {
    await expect(problemsOf(service)).resolves.toEqual([expect.stringMatching(message)]);
  });
});

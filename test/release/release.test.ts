import { releaseRecord } from '../../lib/release/records/model';
import { release, type ReleaseOptions } from '../../lib/release/release';
import { EXIT } from '../../lib/release/result';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { DIGESTS, error, FakeAws, revision } from './support/fake-aws';

let aws: FakeAws;
let lines: string[];
let stop: AbortController;

beforeEach(async () => {
  aws = new FakeAws();
  await aws.start();
  lines = [];
  stop = new AbortController();
});
afterEach(() => aws.stop());

const run = (more: Partial<ReleaseOptions> = {}) =>
  release({
    clients: aws.clients,
    clock: aws.clock,
    progress: (line) => lines.push(line),
    signal: stop.signal,
    stack: 'Test-App',
    environment: 'test',
    by: 'pipeline execution 1',
    ...more,
  });
const told = () => lines.join('\n');
const record = (index = -1) => releaseRecord.parse(unmarshall(aws.records.at(index) as never));

test('shifts the traffic, tells of each step, and keeps a record', async () => {
  const result = await run({ committedAt: '2026-03-01T09:00:00+01:00', approver: 'release-manager' });
  expect(result).toMatchObject({ outcome: 'succeeded' });
  expect(EXIT[result.outcome]).toBe(0);
  expect(aws.live).toBe(revision(2));
  expect(told()).toMatch(
    /d-MADE00000 begins: telehealth-test-api:1 -> telehealth-test-api:2, ECSCanary10Percent5Minutes/,
  );
  for (const step of [
    'Install',
    'AfterAllowTestTraffic',
    'BeforeAllowTraffic',
    'AllowTraffic',
    'AfterAllowTraffic',
  ])
    expect(told()).toMatch(new RegExp(`${step} +succeeded in `));
  expect(told()).toContain('traffic: 10 % new, 90 % old');
  expect(told()).toContain('traffic: 100 % new, 0 % old');
  expect(record()).toMatchObject({
    environment: 'test',
    kind: 'release',
    release: '2026-03-01T10:00:00.000Z#d-MADE00000',
    version: `0.1.0+${'2'.repeat(12)}`,
    commit: '2'.repeat(40),
    committedAt: '2026-03-01T08:00:00.000Z',
    digest: DIGESTS.new,
    taskDefinition: revision(2),
    previousTaskDefinition: revision(1),
    approver: 'release-manager',
    outcome: 'succeeded',
    alarms: [],
  });
  expect(record().phases.map(({ name }) => name)).toEqual(expect.arrayContaining(['Install', 'Bake']));
  expect(aws.events).toHaveLength(1);
  expect(aws.metrics).toHaveLength(1);
});

test('adds at most two seconds of its own to the deployment', async () => {
  await run();
  const end = aws.deployments[0]!.end()!.at;
  expect(aws.clock.now() - end).toBeLessThanOrEqual(2_000);
});

test('says so and changes nothing when the version is live already', async () => {
  aws.live = revision(2);
  expect(await run()).toMatchObject({ outcome: 'already-live' });
  expect(aws.calls('CreateDeployment')).toHaveLength(0);
  expect(aws.records).toHaveLength(0);
});

test('refuses a second release while another runs, and names it', async () => {
  aws.define(3, '3'.repeat(40), DIGESTS.old);
  aws.begin(revision(3));
  const result = await run();
  expect(result.outcome).toBe('refused');
  expect(EXIT.refused).toBe(2);
  expect(result.words).toMatch(
    /d-OTHER0000 \(InProgress, release of 3333333, by somebody, begun 0 min ago\)/,
  );
  expect(record()).toMatchObject({ outcome: 'refused', taskDefinition: revision(2) });
});

test.each(['Baking', 'Ready', 'SomethingNew'])('counts the status %s as running', async (runningStatus) => {
  aws.begin(revision(3), { runningStatus });
  expect((await run()).outcome).toBe('refused');
  expect(aws.calls('CreateDeployment')).toHaveLength(0);
});

test('follows a running deployment of the same version, also when all traffic is on it', async () => {
  aws.begin(revision(2));
  aws.clock.pass(18_000);
  aws.live = revision(2);
  const result = await run();
  expect(result.outcome).toBe('succeeded');
  expect(aws.calls('CreateDeployment')).toHaveLength(0);
  expect(told()).toContain('d-OTHER0000 runs already; following it');
});

test('two releases of the same version that begin at once become one', async () => {
  aws.fault = (call) => {
    if (call.operation === 'CreateDeployment' && aws.deployments.length === 0) aws.begin(revision(2));
    return undefined;
  };
  const results = await Promise.all([run(), run()]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  expect(aws.deployments).toHaveLength(1);
  expect(aws.records).toHaveLength(1);
});

test('loses the race to another version as a refusal', async () => {
  aws.fault = (call) => {
    if (call.operation === 'CreateDeployment' && aws.deployments.length === 0) aws.begin(revision(3));
    return undefined;
  };
  const result = await run();
  expect(result.outcome).toBe('refused');
  expect(result.words).toContain('d-OTHER0000');
});

test('does not create twice when the answer to the first call is lost', async () => {
  let lost = false;
  const original = aws.fault;
  aws.fault = (call) => {
    if (call.operation !== 'CreateDeployment' || lost) return undefined;
    lost = true;
    aws.fault = original;
    const { revision: asked } = JSON.parse(call.body) as { revision: { appSpecContent: { sha256: string } } };
    const made = aws.begin(revision(2));
    Object.assign(made, { sha256: asked.appSpecContent.sha256 });
    return { body: '', cut: true };
  };
  expect((await run()).outcome).toBe('succeeded');
  expect(aws.calls('CreateDeployment')).toHaveLength(1);
  expect(aws.deployments).toHaveLength(1);
});

test('creates again when the first call did not arrive', async () => {
  let cuts = 2;
  aws.fault = ({ operation }) =>
    operation === 'CreateDeployment' && cuts-- > 0 ? { body: '', cut: true } : undefined;
  expect((await run()).outcome).toBe('succeeded');
  expect(aws.deployments).toHaveLength(1);
});

test('a refusal of CodeDeploy is told in its words', async () => {
  aws.fault = ({ operation }) =>
    operation === 'CreateDeployment' ? error('InvalidECSServiceException', 'not steady') : undefined;
  const result = await run();
  expect(result).toMatchObject({ outcome: 'refused' });
  expect(result.words).toBe('CodeDeploy refuses the deployment: InvalidECSServiceException: not steady');
});

test('a failed hook is told with its reason, and the way back is waited for', async () => {
  aws.plans = [{ failsAt: { event: 'AfterAllowTestTraffic', message: 'smoke failed' } }];
  aws.alarms = ['api-5xx'];
  const result = await run();
  expect(result.outcome).toBe('rolled-back');
  expect(EXIT[result.outcome]).toBe(1);
  expect(result.words).toBe(
    'd-MADE00000 failed. d-MADE00000-BACK took it back: the old version has all traffic.',
  );
  expect(record()).toMatchObject({
    outcome: 'rolled-back',
    cause: 'AfterAllowTestTraffic: smoke failed: HOOK_EXECUTION_FAILURE: so it was planned',
    alarms: ['api-5xx'],
  });
  expect(record().phases).toContainEqual({ name: 'Rollback', seconds: 2 });
});

test.each(['told', 'told-late', 'listed-only'] as const)('sees the way back that is %s', async (wayBack) => {
  aws.plans = [{ alarmAt: 13_500, wayBack }];
  const result = await run();
  expect(result.outcome).toBe('rolled-back');
  expect(result.words).toContain('-BACK took it back');
});

test.each([
  ['never', 'No deployment that takes it back was seen'],
  ['fails', 'was to take it back and did not'],
] as const)('a way back that %s is a failure that says what to do', async (wayBack, words) => {
  aws.plans = [{ alarmAt: 13_500, wayBack }];
  const result = await run();
  expect(result.outcome).toBe('failed');
  expect(result.words).toContain(words);
  expect(result.words).toContain('docs/runbooks/release-stuck.md');
  expect(record().outcome).toBe('failed');
});

test('nothing is waited for when it failed before anything was made', async () => {
  aws.plans = [{ failsAt: { event: 'BeforeInstall', message: 'no' } }];
  const result = await run();
  expect(result).toMatchObject({ outcome: 'rolled-back' });
  expect(result.words).toContain('the old version kept all traffic');
});

test('without automatic rollback it says where the traffic is', async () => {
  aws.plans = [{ failsAt: { event: 'BeforeAllowTraffic', message: 'no' }, rollsBack: false }];
  expect(await run()).toMatchObject({
    outcome: 'rolled-back',
    words: 'd-MADE00000 failed. The old version has all traffic.',
  });
});

test('without automatic rollback, traffic on the new version is a failure', async () => {
  aws.plans = [{ alarmAt: 13_500, rollsBack: false }];
  expect((await run()).outcome).toBe('failed');
});

test.each([500, 3_000, 9_000, 14_000, 20_000])(
  'stopped after %i ms it goes back and says so',
  async (after) => {
    aws.plans = [{ bakeMs: 10_000 }];
    aws.clock.at(after, () => stop.abort());
    const result = await run();
    expect(result.outcome).toBe('interrupted');
    expect(EXIT[result.outcome]).toBe(3);
    expect(aws.calls('StopDeployment').map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { deploymentId: 'd-MADE00000', autoRollbackEnabled: true },
    ]);
    expect(aws.live).toBe(revision(1));
    expect(record()).toMatchObject({ outcome: 'rolled-back', cause: 'it was interrupted' });
  },
);

test('stopped while nobody knows whether the deployment was created, it looks for it and takes it back', async () => {
  const original = aws.fault;
  aws.plans = [{ bakeMs: 10_000 }];
  aws.fault = (call) => {
    if (call.operation !== 'CreateDeployment') return undefined;
    aws.fault = original;
    const { revision: asked } = JSON.parse(call.body) as { revision: { appSpecContent: { sha256: string } } };
    Object.assign(aws.begin(revision(2)), { sha256: asked.appSpecContent.sha256 });
    stop.abort();
    return { body: '', cut: true };
  };
  expect(await run()).toMatchObject({ outcome: 'interrupted' });
  expect(aws.calls('CreateDeployment')).toHaveLength(1);
  expect(aws.calls('StopDeployment')).toHaveLength(1);
  expect(aws.live).toBe(revision(1));
  expect(record()).toMatchObject({ outcome: 'rolled-back', cause: 'it was interrupted' });
});

test('stopped before anything was begun it leaves nothing', async () => {
  stop.abort();
  expect(await run()).toMatchObject({ outcome: 'interrupted' });
  expect(aws.deployments).toHaveLength(0);
});

test('what hangs longer than it may is taken back', async () => {
  aws.plans = [{ hangsAt: 'AfterAllowTestTraffic' }];
  aws.clock.at(8_000, () => (aws.clock.pace = 60));
  const result = await run();
  expect(result.outcome).toBe('interrupted');
  expect(record().cause).toMatch(/^AfterAllowTestTraffic has lasted 1 h \d min where 1 h 5 min are allowed$/);
  expect(aws.calls('StopDeployment')).toHaveLength(1);
});

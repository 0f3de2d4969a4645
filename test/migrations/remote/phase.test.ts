import { type PhaseOptions, type PhaseResult, runPhase } from '../../../lib/migrations/remote/phase';
import type { DriftReport, PlanReport, Report } from '../../../lib/migrations/report';
import type { Request } from '../../../lib/migrations/request';
import type { AwsServer } from '../../support/aws-server';
import { awsThatAnswers, DEPLOYED, json, ran, step, TestClock } from './support';
import { xml, stackWith } from './xml';

let server: AwsServer | undefined;
afterEach(() => server?.stop());

const base = { schemaVersion: 1, problems: [], milliseconds: 1, outcome: 'done' } as const;
const plan = (...titles: string[]): PlanReport => ({
  ...base,
  action: 'plan',
  digest: 'd'.repeat(64),
  migrations: titles.map((title) => ({
    title,
    phase: 'expand',
    reversible: 'lossless',
    destructive: title.includes('drop'),
    statements: [],
  })),
});
const noDrift: DriftReport = { ...base, action: 'drift', differences: [] };
const done = ran('done', [step('0002_b', 'applied')]);

interface Scene {
  readonly plan?: Report;
  readonly drift?: Report;
  readonly up?: Report;
  /** Running tasks of each task set. */
  readonly tasks?: readonly number[];
}

/** Runs a phase against an environment in that state. */
async function phase(scene: Scene, more: Partial<PhaseOptions> = {}): Promise<PhaseResult> {
  const aws = await awsThatAnswers(({ operation, body }) => {
    if (operation === 'DescribeStacks') return stackWith({ ClusterName: 'c', ServiceName: 'api' });
    if (operation === 'DescribeServices') {
      const taskSets = (scene.tasks ?? [2]).map((runningCount) => ({
        runningCount,
        stabilityStatus: 'STEADY_STATE',
      }));
      return json({ services: [{ status: 'ACTIVE', taskSets }] });
    }
    if (operation === 'CreateDBClusterSnapshot') return xml(operation, '');
    if (operation === 'DescribeDBClusterSnapshots')
      return xml(
        operation,
        '<DBClusterSnapshots><DBClusterSnapshot><Status>available</Status></DBClusterSnapshot></DBClusterSnapshots>',
      );
    if (operation === 'DescribeDBClusters')
      return xml(
        operation,
        '<DBClusters><DBCluster><LatestRestorableTime>2026-11-24T00:20:00Z</LatestRestorableTime></DBCluster></DBClusters>',
      );
    const { request } = JSON.parse(body) as { request: Request };
    const answers: Partial<Record<Request['action'], Report>> = {
      plan: scene.plan ?? plan('0002_b'),
      drift: scene.drift ?? noDrift,
      up: scene.up ?? done,
    };
    return json(answers[request.action]);
  });
  server = aws.server;
  return runPhase({
    clients: aws.clients,
    deployed: DEPLOYED,
    actor: 'pipeline execution 1',
    clock: new TestClock(),
    progress: () => undefined,
    phase: 'expand',
    appStack: 'Prod-App',
    protect: true,
    ...more,
  });
}

/** What was asked of AWS, in order; of the runner, its requests. */
const asked = () =>
  server!.calls.map(({ operation, body }) =>
    operation === '' ? (JSON.parse(body) as { request: Request }).request : operation,
  );

test('expand: plan, drift gate, the moment to go back to, then up with it in the history', async () => {
  const result = await phase({});
  expect(asked()).toEqual([
    { action: 'plan', phase: 'expand' },
    { action: 'drift' },
    'DescribeDBClusters',
    { action: 'up', phase: 'expand', restorePoint: 'moment:telehealth-prod@2026-11-24T00:20:00.000Z' },
  ]);
  expect(result).toEqual({
    outcome: 'done',
    problems: [],
    plan: plan('0002_b'),
    drift: noDrift,
    restorePoint: 'moment:telehealth-prod@2026-11-24T00:20:00.000Z',
    run: done,
  });
});

test('an expand that would lose data has a snapshot, and no approval of the pipeline’s own', async () => {
  await phase({ plan: plan('0002_b', '0003_drop') });
  expect(asked()).toContain('CreateDBClusterSnapshot');
  expect(asked().at(-1)).not.toHaveProperty('approve');
});

test('contract: only when one release has tasks; then a snapshot, and exactly the plan that is kept', async () => {
  const result = await phase({ plan: plan('0004_drop') }, { phase: 'contract' });
  expect(asked()).toEqual([
    'DescribeStacks',
    'DescribeServices',
    { action: 'plan', phase: 'contract' },
    { action: 'drift' },
    'CreateDBClusterSnapshot',
    'DescribeDBClusterSnapshots',
    {
      action: 'up',
      phase: 'contract',
      restorePoint: 'snapshot:telehealth-prod-before-contract-0-1-0-abc',
      approve: 'd'.repeat(64),
    },
  ]);
  expect(result.outcome).toBe('done');
});

test('contract: waits while an older release has tasks, and the runner is not even asked', async () => {
  const result = await phase({ tasks: [2, 1] }, { phase: 'contract' });
  expect(result).toMatchObject({ outcome: 'waits', problems: [{ code: 'older-release-has-tasks' }] });
  expect(asked()).toEqual(['DescribeStacks', 'DescribeServices']);
});

test('contract: sessions of an older release make it wait; any other refusal is one', async () => {
  const problem = (code: string) => ({ code, message: 'x', mend: 'y' });
  const older = problem('older-release-connected');
  const refusedFor = (...problems: (typeof older)[]) =>
    phase({ up: ran('refused', [], problems) }, { phase: 'contract' });
  expect((await refusedFor(older)).outcome).toBe('waits');
  await server!.stop();
  expect((await refusedFor(older, problem('edited-file'))).outcome).toBe('refused');
});

test('drift stops it before anything is changed, and names what differs', async () => {
  const drift: DriftReport = {
    ...noDrift,
    differences: [{ kind: 'column', object: 'public.patients.hotfix', found: 'text' }],
  };
  const result = await phase({ drift });
  expect(result).toMatchObject({
    outcome: 'refused',
    problems: [
      { code: 'drift', message: 'The column public.patients.hotfix is not as the migrations left it.' },
    ],
  });
  expect(asked()).toEqual([{ action: 'plan', phase: 'expand' }, { action: 'drift' }]);
});

test('a plan that cannot be made, or a run that fails, ends as it did', async () => {
  const problems = [{ code: 'edited-file', message: 'x', mend: 'y' }];
  expect(await phase({ plan: { ...plan(), outcome: 'refused', problems } })).toEqual({
    outcome: 'refused',
    problems,
  });
  await server!.stop();
  expect(await phase({ up: ran('failed', [], problems) })).toMatchObject({ outcome: 'failed', problems });
});

test('nothing pending needs no way back, and the release is still recorded', async () => {
  await phase({ plan: plan() });
  expect(asked()).toEqual([
    { action: 'plan', phase: 'expand' },
    { action: 'drift' },
    { action: 'up', phase: 'expand' },
  ]);
});

test('an environment that is not protected makes no way back', async () => {
  expect((await phase({}, { protect: false })).restorePoint).toBeUndefined();
  expect(asked()).toHaveLength(3);
});

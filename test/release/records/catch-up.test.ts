import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describeDeployment } from '../../../lib/release/description';
import { releaseRecord } from '../../../lib/release/records/model';
import { release, type ReleaseOptions } from '../../../lib/release/release';
import { rollback } from '../../../lib/release/rollback';
import { error, FakeAws, revision, toolsOf } from '../support/fake-aws';
import type { Plan } from '../support/fake-deployment';

const BY = 'pipeline execution 1';

/** For a deployment that does not say what it replaces. */
const NOTHING = '';

let aws: FakeAws;
let lines: string[];

beforeEach(async () => {
  aws = new FakeAws();
  await aws.start();
  lines = [];
});
afterEach(() => aws.stop());

const common = () => toolsOf(aws, lines);
const again = (more: Partial<ReleaseOptions> = {}) => release({ ...common(), by: BY, ...more });
const back = () =>
  rollback({ ...common(), by: 'somebody on call', compatibility: () => Promise.resolve([]) });
const records = () => aws.records.map((item) => releaseRecord.parse(unmarshall(item as never)));

/** A release of revision 2 whose process is killed when its deployment has begun; it is over when this returns. */
function killed(plan: Plan = {}, inPlaceOf = 'telehealth-test-api:1'): void {
  const words = { kind: 'release', commit: '2'.repeat(40), by: BY } as const;
  aws.begin(revision(2), plan, describeDeployment({ ...words, ...(inPlaceOf !== NOTHING && { inPlaceOf }) }));
  aws.clock.pass(120_000);
}

test('a deployment says itself what it replaces', async () => {
  await again();
  expect(aws.deployments[0]!.description).toBe(
    `release of ${'2'.repeat(40)} by ${BY} in place of telehealth-test-api:1`,
  );
});

test('a release that was killed is recorded when it is run again after its end, and can be taken back', async () => {
  killed();
  const approved = { approver: 'arn:aws:iam::111122223333:role/approvers', migrations: ['add-olds'] };
  const result = await again({ ...approved, committedAt: '2026-03-01T09:00:00Z' });
  expect(result.outcome).toBe('already-live');
  expect(lines.join('\n')).toContain(
    'd-OTHER0000 ended while nobody watched (succeeded): its record is written now.',
  );
  expect(records()).toMatchObject([
    {
      ...{ kind: 'release', by: BY, outcome: 'succeeded', ...approved },
      release: '2026-03-01T10:00:00.000Z#d-OTHER0000',
      committedAt: '2026-03-01T09:00:00.000Z',
      endedAt: '2026-03-01T10:00:21.500Z',
      taskDefinition: revision(2),
      previousTaskDefinition: revision(1),
    },
  ]);
  expect(aws.events).toHaveLength(1);
  expect((await back()).outcome).toBe('succeeded');
  expect(aws.live).toBe(revision(1));
});

test('going back finds out by itself what a killed release replaced', async () => {
  killed();
  expect((await back()).outcome).toBe('succeeded');
  expect(aws.live).toBe(revision(1));
  expect(records()).toMatchObject([
    { kind: 'release', by: BY, previousTaskDefinition: revision(1) },
    { kind: 'rollback', previousTaskDefinition: revision(2) },
  ]);
});

test('one that was joined when it had all traffic is recorded with what it replaced', async () => {
  killed({ bakeMs: 120_000 });
  aws.live = revision(2);
  expect((await again()).outcome).toBe('succeeded');
  expect(records()).toMatchObject([{ outcome: 'succeeded', previousTaskDefinition: revision(1) }]);
});

test('one that does not say what it replaced replaced what the last good record brought up', async () => {
  aws.define(3, '3'.repeat(40), `sha256:${'d'.repeat(64)}`);
  aws.wanted = revision(3);
  await again({ by: 'pipeline execution 0' });
  killed({}, NOTHING);
  aws.wanted = revision(2);
  expect((await again()).outcome).toBe('already-live');
  expect(records().at(-1)).toMatchObject({
    taskDefinition: revision(2),
    previousTaskDefinition: revision(3),
  });
});

test('is known by its own words when another execution finds it: no approver and migrations that are not its own', async () => {
  killed();
  const foreign = { by: 'pipeline execution 9', approver: 'somebody else', migrations: ['later'] };
  await again({ ...foreign, committedAt: '2026-03-01T09:00:00Z' });
  const [record] = records();
  expect(record).toMatchObject({ by: BY, migrations: [], committedAt: '2026-03-01T09:00:00.000Z' });
  expect(record).not.toHaveProperty('approver');
});

test('one that was taken back unwatched is recorded as such, and the release is tried again', async () => {
  killed({ alarmAt: 13_500 });
  expect((await again()).outcome).toBe('succeeded');
  expect(records()).toMatchObject([
    { outcome: 'rolled-back', release: expect.stringMatching(/#d-OTHER0000$/) as string },
    { outcome: 'succeeded', previousTaskDefinition: revision(1) },
  ]);
});

test('nothing is recorded twice, and no deployment that only takes another one back', async () => {
  aws.plans = [{ alarmAt: 13_500 }, {}];
  await again();
  aws.clock.pass(60_000);
  await again();
  await again();
  expect(records().map(({ outcome }) => outcome)).toEqual(['rolled-back', 'succeeded']);
  expect(lines.join('\n')).not.toContain('nobody watched');
});

test.each([
  ['Query', 'What ended while nobody watched cannot be recorded (AccessDeniedException: no)'],
  ['GetApplicationRevision', 'd-OTHER0000 ended while nobody watched and cannot be recorded'],
])('a release goes on when %s is refused, and says so', async (operation, words) => {
  killed();
  aws.fault = (call) => (call.operation === operation ? error('AccessDeniedException', 'no') : undefined);
  expect((await again()).outcome).toBe('already-live');
  expect(lines.join('\n')).toContain(words);
  expect(records()).toEqual([]);
});

describe('one that cannot be recorded', () => {
  const UNTOLD = 'ended while nobody watched and cannot be recorded';
  const untold = (call: { readonly operation: string }) =>
    call.operation === 'GetApplicationRevision' ? error('AccessDeniedException', 'no') : undefined;

  beforeEach(async () => {
    killed();
    aws.fault = untold;
    aws.define(3, '3'.repeat(40), `sha256:${'d'.repeat(64)}`);
    aws.wanted = revision(3);
    await again({ by: 'pipeline execution 2' });
    aws.clock.pass(60_000);
    expect(lines.filter((line) => line.includes(UNTOLD))).toHaveLength(1);
    expect(records()).toMatchObject([{ taskDefinition: revision(3), outcome: 'succeeded' }]);
    lines = [];
  });

  test('is recorded as soon as it can be, though a later one has its record by then', async () => {
    aws.fault = () => undefined;
    await again({ by: 'pipeline execution 3' });
    expect(lines.join('\n')).toContain('d-OTHER0000 ended while nobody watched (succeeded)');
    expect(records().find(({ release }) => release.endsWith('#d-OTHER0000'))).toMatchObject({
      by: BY,
      previousTaskDefinition: revision(1),
    });
    expect((await back()).outcome).toBe('succeeded');
    expect(aws.live).toBe(revision(2));
  });

  test('is not told again at every release', async () => {
    await again({ by: 'pipeline execution 3' });
    expect(aws.calls('GetApplicationRevision').length).toBeGreaterThan(1);
    expect(lines.join('\n')).not.toContain(UNTOLD);
  });

  test('is left alone after thirty days', async () => {
    aws.fault = () => undefined;
    aws.clock.pass(31 * 86_400_000);
    await again({ by: 'pipeline execution 3' });
    expect(records()).toHaveLength(1);
  });
});

test('looks at fifty without a record, however many there are', async () => {
  for (let number = 0; number < 60; number += 1) killed();
  const before = aws.calls('GetDeployment').length;
  aws.fault = (call) =>
    call.operation === 'GetApplicationRevision' ? error('AccessDeniedException', 'no') : undefined;
  await again();
  // Each is asked for once when it is looked for, and once for what it brought up; the group's last one once more.
  expect(aws.calls('GetDeployment').length - before).toBeLessThanOrEqual(2 * 50 + 1);
});

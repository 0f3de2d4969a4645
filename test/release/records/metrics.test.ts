import * as fc from 'fast-check';
import { deliveryMetrics } from '../../../lib/release/records/metrics';
import { releaseKey, type ReleaseRecord, releaseRecord } from '../../../lib/release/records/model';
import { historyText, metricsText } from '../../../lib/release/records/text';

const at = (minutes: number) => new Date(Date.parse('2026-03-01T00:00:00Z') + minutes * 60_000);
const record = (start: number, minutes: number, more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  environment: 'test',
  release: releaseKey(at(start), `d-${start}`),
  version: '0.1.0+0123456789ab',
  commit: '0123456789ab',
  taskDefinition: `arn:${start}`,
  kind: 'release',
  migrations: [],
  by: 'pipeline execution 1',
  startedAt: at(start).toISOString(),
  endedAt: at(start + minutes).toISOString(),
  phases: [],
  outcome: 'succeeded',
  alarms: [],
  ...more,
});

test('of nothing there is nothing to measure', () => {
  expect(deliveryMetrics([], 30)).toEqual({ days: 30, releases: 0, deploymentsPerDay: 0 });
  expect(metricsText(deliveryMetrics([], 30))).toContain('nothing to measure');
});

test('lead time is the median from the commit to the end, of what succeeded', () => {
  const records = [
    record(100, 10, { committedAt: at(50).toISOString() }),
    record(200, 10, { committedAt: at(110).toISOString() }),
    record(300, 10, { committedAt: at(0).toISOString(), outcome: 'rolled-back' }),
    record(400, 10),
  ];
  expect(deliveryMetrics(records, 30).leadTimeSeconds).toBe(80 * 60);
});

test('a release that CodeDeploy took back is a failure, restored in the time that took', () => {
  const metrics = deliveryMetrics(
    [
      record(0, 10),
      record(100, 10, { outcome: 'rolled-back', phases: [{ name: 'Rollback', seconds: 4 }] }),
      record(200, 1, { outcome: 'refused' }),
    ],
    1,
  );
  expect(metrics).toMatchObject({
    releases: 2,
    changeFailureRate: 0.5,
    timeToRestoreSeconds: 4,
    deploymentsPerDay: 1,
  });
});

test('a release that was left for the one before is a failure, restored by the rollback', () => {
  const metrics = deliveryMetrics(
    [
      record(0, 10),
      record(100, 10),
      record(150, 8, { kind: 'rollback', taskDefinition: 'arn:0', previousTaskDefinition: 'arn:100' }),
    ],
    30,
  );
  expect(metrics).toMatchObject({ releases: 2, changeFailureRate: 0.5, timeToRestoreSeconds: 8 * 60 });
});

test('a release that stayed broken is restored by the next one that succeeds', () => {
  const broken = record(0, 10, { outcome: 'failed' });
  expect(deliveryMetrics([broken], 30)).toMatchObject({ changeFailureRate: 1 });
  expect(deliveryMetrics([broken], 30).timeToRestoreSeconds).toBeUndefined();
  expect(deliveryMetrics([broken, record(60, 20)], 30).timeToRestoreSeconds).toBe(70 * 60);
});

test('the order of the records does not matter, and every measure stays in its bounds', () => {
  const any = fc
    .record({
      minutes: fc.nat(30),
      outcome: fc.constantFrom('succeeded', 'rolled-back', 'failed', 'refused'),
      kind: fc.constantFrom('release', 'rollback', 'quick'),
    })
    .map(({ minutes, ...more }) => ({ minutes, more }));
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), fc.integer({ min: 1, max: 90 }), (all, days) => {
      const records = all.map(({ minutes, more }, index) => record(index * 60, minutes, more));
      const metrics = deliveryMetrics(records, days);
      expect(deliveryMetrics([...records].reverse(), days)).toEqual(metrics);
      expect(metrics.changeFailureRate ?? 0).toBeGreaterThanOrEqual(0);
      expect(metrics.changeFailureRate ?? 0).toBeLessThanOrEqual(1);
      expect(metrics.timeToRestoreSeconds ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a record keeps to its form, and people can read it', () => {
  const full = record(0, 12, {
    digest: `sha256:${'a'.repeat(64)}`,
    approver: 'release-manager',
    phases: [{ name: 'Install', seconds: 31 }],
    outcome: 'rolled-back',
    cause: 'ALARM_ACTIVE',
    alarms: ['api-5xx'],
    migrations: ['0004_more'],
  });
  expect(releaseRecord.parse(full)).toEqual(full);
  expect(releaseRecord.safeParse({ ...full, extra: 1 }).success).toBe(false);
  expect(historyText([full], 'test').split('\n')).toEqual([
    '2026-03-01T00:00:00Z  rolled-back release  0.1.0+0123456789ab  in 12 min 0 s',
    '    commit 0123456789ab, image sha256:aaaaaaaaaaaa',
    '    by pipeline execution 1, approved by release-manager',
    '    Install 31 s',
    '    migrations 0004_more',
    '    because ALARM_ACTIVE',
    '    alarms api-5xx',
  ]);
  expect(historyText([], 'test')).toBe('Nothing was released to test yet.');
});

import type { LockHolder, Report } from '../../../lib/migrations/report';

const LOCK: LockHolder = {
  pid: 41,
  application: 'telehealth-migrations/8',
  user: 'telehealth_migrator',
  address: '10.0.1.7',
  sinceMs: 93_000,
  state: 'active',
};
const base = { schemaVersion: 1, outcome: 'done', problems: [], milliseconds: 12 } as const;

/** A report of each kind, with all that it may hold. */
export const REPORTS = {
  status: {
    ...base,
    action: 'status',
    version: 2,
    migrations: [
      {
        title: '0001_baseline',
        phase: 'expand',
        reversible: 'lossy',
        state: 'applied',
        words: 'applied by release 7',
        at: '2026-01-02T03:04:05.678Z',
        milliseconds: 120,
        attempts: 1,
        release: '7',
      },
      {
        title: '0002_fill_visit_end',
        phase: 'expand',
        reversible: 'lossless',
        state: 'running',
        words: 'fills visits',
        steps: { done: 0, all: 1 },
        rows: { done: 1_500_000, all: 3_000_000 },
      },
      {
        title: '0003_drop_phone',
        phase: 'contract',
        reversible: 'no',
        state: 'pending',
        words: 'waits: blocked by 2 sessions of release 7',
      },
    ],
    lock: LOCK,
  },
  plan: {
    ...base,
    action: 'plan',
    digest: 'ab'.repeat(32),
    migrations: [
      {
        title: '0003_drop_phone',
        phase: 'contract',
        reversible: 'no',
        destructive: true,
        statements: [
          {
            sql: 'ALTER TABLE patients\n  DROP COLUMN phone',
            line: 4,
            locks: [{ table: 'patients', mode: 'ACCESS EXCLUSIVE', rewrites: false, scans: false }],
            estimateMs: 2,
          },
          {
            sql: 'ALTER TABLE patients ALTER n TYPE bigint',
            line: 7,
            locks: [{ table: 'patients', mode: 'ACCESS EXCLUSIVE', rewrites: true, scans: false }],
            rows: 3_000_000,
            estimateMs: 6200,
          },
          {
            sql: 'UPDATE unknown SET a = 1',
            line: 9,
            locks: [{ table: 'unknown', mode: 'ROW EXCLUSIVE', rewrites: false, scans: true }],
          },
        ],
      },
    ],
  },
  drift: {
    ...base,
    action: 'drift',
    outcome: 'refused',
    problems: [{ code: 'drift', message: '2 objects differ.', mend: 'Undo them or run repair.' }],
    differences: [
      { kind: 'column', object: 'public.patients.nickname', found: 'text' },
      {
        kind: 'index',
        object: 'public.visits_by_day',
        expected: 'CREATE INDEX',
        found: 'CREATE UNIQUE INDEX',
      },
    ],
  },
  up: {
    ...base,
    action: 'up',
    outcome: 'failed',
    problems: [
      {
        code: 'stalled',
        message: 'The application waited too long.',
        mend: 'Write it in another form.',
        migration: '0003_grow',
        file: '0003_grow.up.sql',
        line: 3,
        sqlstate: '57014',
      },
    ],
    steps: [
      {
        title: '0002_fill',
        direction: 'up',
        outcome: 'applied',
        milliseconds: 61_500,
        attempts: 3,
        rows: 3_000_000,
        stallMs: 41,
      },
      {
        title: '0003_grow',
        direction: 'up',
        outcome: 'failed',
        milliseconds: 180,
        attempts: 1,
        stallMs: 151,
      },
    ],
    version: 2,
  },
  lock: { ...base, action: 'lock', lock: LOCK },
  compatible: { ...base, action: 'compatible', release: '0.1.0+0123456789ab' },
} satisfies Readonly<Record<string, Report>>;

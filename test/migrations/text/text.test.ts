import { reportText } from '../../../lib/migrations/text';
import { durationText } from '../../../lib/migrations/text/units';
import { REPORTS } from './reports';

test.each([
  [0.4, '0 ms'],
  [999, '999 ms'],
  [6200, '6.2 s'],
  [59_940, '59.9 s'],
  [185_000, '3 min 5 s'],
  [3_660_000, '1 h 1 min'],
  [90_000_000, '1 d 1 h'],
])('%d ms is said as %s', (milliseconds, words) => {
  expect(durationText(milliseconds)).toBe(words);
});

test('a status is a table, with progress and who is at work', () => {
  expect(reportText(REPORTS.status)).toBe(
    [
      'migration            phase     undo      state    since (UTC)          in words',
      '0001_baseline        expand    lossy     applied  2026-01-02 03:04:05  applied by release 7',
      '0002_fill_visit_end  expand    lossless  running                       fills visits (1,500,000 of about 3,000,000 rows)',
      '0003_drop_phone      contract  no        pending                       waits: blocked by 2 sessions of release 7',
      'The schema is at version 2.',
      'At work now: telehealth-migrations/8 (telehealth_migrator from 10.0.1.7, process 41, active), connected for 1 min 33 s.',
      'status: done (12 ms)',
    ].join('\n'),
  );
  expect(reportText({ ...REPORTS.status, migrations: [] })).toContain('There are no migrations.');
});

test('a plan holds SQL with its lines, locks, rows, durations and what to say to agree', () => {
  const { digest } = REPORTS.plan;
  expect(reportText(REPORTS.plan).split('\n')).toEqual([
    '0003_drop_phone (contract, no, loses data)',
    '     4 | ALTER TABLE patients',
    '       |   DROP COLUMN phone',
    '       locks patients: ACCESS EXCLUSIVE',
    '       about 2 ms',
    '     7 | ALTER TABLE patients ALTER n TYPE bigint',
    '       locks patients: ACCESS EXCLUSIVE, writes it anew',
    '       about 3,000,000 rows, about 6.2 s',
    '     9 | UPDATE unknown SET a = 1',
    '       locks unknown: ROW EXCLUSIVE, reads it whole',
    '       no estimate: size unknown',
    '',
    '1 migration, 3 statements, about 6.2 s, not counting 1 statement on tables of unknown size.',
    `Digest ${digest}`,
    `Data is lost: to agree, run up with --approve ${digest}`,
    'plan: done (12 ms)',
  ]);
  expect(reportText({ ...REPORTS.plan, migrations: [] })).toContain('Nothing is pending.');
  expect(reportText({ ...REPORTS.plan, migrations: [], outcome: 'failed' })).not.toContain(
    'Nothing is pending.',
  );
});

test('drift shows both sides, and how to mend it', () => {
  expect(reportText(REPORTS.drift).split('\n')).toEqual([
    'column public.patients.nickname',
    '  expected nothing',
    '  found    text',
    'index public.visits_by_day',
    '  expected CREATE INDEX',
    '  found    CREATE UNIQUE INDEX',
    'drift: 2 objects differ.',
    '  Mend: Undo them or run repair.',
    'drift: refused (12 ms)',
  ]);
  expect(reportText({ ...REPORTS.drift, outcome: 'done', differences: [], problems: [] })).toContain(
    'as the migrations left it',
  );
});

test('a run tells each step, the worst wait of the application, and the place of what broke', () => {
  expect(reportText(REPORTS.up).split('\n')).toEqual([
    '0002_fill  up  applied  1 min 2 s, 3 tries, 3,000,000 rows, the application waited at most 41 ms',
    '0003_grow  up  failed   180 ms, the application waited at most 151 ms',
    'The schema is at version 2.',
    'stalled: 0003_grow.up.sql:3: The application waited too long.',
    '  Mend: Write it in another form.',
    'up: failed (12 ms)',
  ]);
  expect(reportText({ ...REPORTS.up, steps: [], problems: [], outcome: 'done' })).toContain(
    'Nothing was applied.',
  );
});

test('a run that was refused before the database was asked says nothing of its version', () => {
  const { version, ...unread } = REPORTS.up;
  expect(reportText({ ...unread, steps: [], outcome: 'refused' })).not.toContain('The schema is at');
  expect(reportText({ ...unread, version: 0, steps: [] })).toContain('The schema is at version 0.');
  expect(version).toBe(2);
});

test('a lock is free or has a holder', () => {
  expect(reportText(REPORTS.lock)).toMatch(/^The lock is held by telehealth-migrations\/8 .*process 41/);
  const { schemaVersion, outcome, problems, milliseconds, action } = REPORTS.lock;
  expect(reportText({ schemaVersion, outcome, problems, milliseconds, action })).toMatch(
    /^The lock is free\./,
  );
});

import type { Migration, MigrationSet, Statement } from '../../lib/migrations/model';
import { titleOf } from '../../lib/migrations/model';
import type { MigrationStatus, State } from '../../lib/migrations/report';
import { reviewSchema } from '../../lib/review/schema';

const statement = (more: Partial<Statement>): Statement => ({
  ...{ sql: 'SELECT 1', line: 1, kind: 'SelectStmt', locks: [], destructive: false },
  ...more,
});
const script = (statements: readonly Statement[]) => ({
  ...{ file: 'f.sql', sha256: '0'.repeat(64), transaction: true, lockTimeoutMs: 1, statementTimeoutMs: 1 },
  statements,
});
const migration = (
  id: number,
  name: string,
  statements: readonly Statement[],
  more: Partial<Migration> = {},
) => ({
  ...{ id, name, phase: 'expand' as const, reversible: 'lossless' as const },
  ...{ checks: { before: [], after: [] }, up: script(statements), down: script([]) },
  ...more,
});
const locks = (table: string, mode: 'SHARE' | 'ACCESS EXCLUSIVE', more: object = {}) => ({
  ...{ table, mode, rewrites: false, scans: false },
  ...more,
});

const approval = { by: 'data-protection-officer', ticket: 'DB-3', reason: 'nobody reads it' };
const SET: MigrationSet = {
  migrations: [
    migration(1, 'baseline', []),
    migration(2, 'add_status', [
      statement({ locks: [locks('visits', 'SHARE', { scans: true })] }),
      statement({ locks: [locks('visits', 'ACCESS EXCLUSIVE', { rewrites: true })] }),
    ]),
    migration(
      3,
      'drop_old',
      [statement({ destructive: true, locks: [locks('visits', 'ACCESS EXCLUSIVE')] })],
      {
        ...{ phase: 'contract', reversible: 'no', approval },
      },
    ),
  ],
  repeatables: [{ name: 'upcoming', script: script([]) }],
};
const status = (id: number, name: string, state: State): MigrationStatus => ({
  title: titleOf({ id, name }),
  ...{ phase: 'expand', reversible: 'lossless', state, words: `is ${state}` },
});
const asked = (...migrations: MigrationStatus[]) => reviewSchema(SET, { release: 'older', migrations });

test('without a database every migration is pending', () => {
  expect(reviewSchema(SET)).toMatchObject({ known: 'none', version: 0, problems: [] });
  expect(reviewSchema(SET).pending).toHaveLength(3);
});

test('what the database has by the word of the older function is not pending; what it never heard of is', () => {
  const { version, askedRelease, pending } = asked(status(1, 'baseline', 'applied'));
  expect({ version, askedRelease }).toEqual({ version: 1, askedRelease: 'older' });
  expect(pending.map(({ title }) => title)).toEqual(['0002_add_status', '0003_drop_old']);
});

test('locks, losses and who agreed are told from this release’s files', () => {
  const [add, drop] = asked(status(1, 'baseline', 'applied')).pending;
  expect(add).toMatchObject({
    ...{ phase: 'expand', destructive: false, statements: 2 },
    locks: [{ table: 'visits', mode: 'ACCESS EXCLUSIVE', rewrites: true, scans: true }],
  });
  expect(drop).toMatchObject({ phase: 'contract', reversible: 'no', destructive: true, approval });
});

test('a migration that failed, and one that this release lost, are problems', () => {
  const { problems, pending } = asked(
    ...[
      status(1, 'baseline', 'applied'),
      status(2, 'add_status', 'failed'),
      status(4, 'elsewhere', 'applied'),
    ],
  );
  expect(problems).toEqual([
    '0004_elsewhere is applied in the database, and this release has no file of it.',
    '0002_add_status: is failed.',
  ]);
  expect(pending[0]).toMatchObject({ title: '0002_add_status', state: 'failed' });
});

test('a contract that still waits in the database is pending', () => {
  const { pending } = asked(
    ...[
      status(1, 'baseline', 'applied'),
      status(2, 'add_status', 'applied'),
      status(3, 'drop_old', 'pending'),
    ],
  );
  expect(pending.map(({ title, state }) => `${title} ${state}`)).toEqual(['0003_drop_old pending']);
});

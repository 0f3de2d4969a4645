import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createMigrator } from '../../../lib/migrations/engine';
import { readMigrations } from '../../../lib/migrations/files';
import type { NamedQuery } from '../../../lib/migrations/ports';
import type { Report } from '../../../lib/migrations/report';
import type { Request } from '../../../lib/migrations/request';
import { CLOCK, type TestDatabase, TestDatabases } from '../support/databases';
import { ACCESS } from '../support/server';

jest.setTimeout(30_000);

let databases: TestDatabases;
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  databases = await TestDatabases.start();
}, 60_000);
afterAll(() => databases.remove(), 60_000);
beforeEach(async () => {
  database = await databases.fresh();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
  write(
    '0001_one',
    'CREATE TABLE one (id int, old text); GRANT SELECT ON one TO telehealth_api;',
    'DROP TABLE one;',
  );
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(title: string, up: string, down: string, header = 'phase=expand reversible=lossless'): void {
  fs.writeFileSync(path.join(folder, `${title}.up.sql`), `-- migrate: ${header}\n${up}\n`);
  fs.writeFileSync(path.join(folder, `${title}.down.sql`), `${down}\n`);
}

async function ask(request: Request, release = 'new', queries: readonly NamedQuery[] = []): Promise<Report> {
  return createMigrator({
    set: await readMigrations(folder),
    connect: (application) => database.migrator(application),
    clock: CLOCK,
    runner: { release, commit: 'abc', actor: 'test' },
    queries,
    applicationPrefix: 'telehealth-api/',
    applicationRole: ACCESS.apiUser,
  }).run(request);
}

const compatible = (release: string) => ask({ action: 'compatible', release });

test('an older release fits as long as the database takes its queries', async () => {
  await ask({ action: 'up' }, 'old', [{ name: 'olds', sql: 'SELECT old FROM one' }]);
  write('0002_more', 'ALTER TABLE one ADD COLUMN more text;', 'ALTER TABLE one DROP COLUMN more;');
  await ask({ action: 'up' }, 'new', [{ name: 'mores', sql: 'SELECT more FROM one' }]);
  expect(await compatible('old')).toMatchObject({ outcome: 'done', problems: [], release: 'old' });
});

test('it does not fit once a query of it is refused, and the reason names the query', async () => {
  await ask({ action: 'up' }, 'old', [
    { name: 'olds', sql: 'SELECT old FROM one' },
    { name: 'ids', sql: 'SELECT id FROM one' },
  ]);
  await (await database.migrator()).query('ALTER TABLE one DROP COLUMN old');
  const report = await compatible('old');
  expect(report.outcome).toBe('refused');
  expect(report.problems).toMatchObject([{ code: 'breaks-older-release', sqlstate: '42703' }]);
  expect(report.problems[0]?.message).toContain('The query olds of release old is refused');
});

test('it does not fit once the application may not send a query of it', async () => {
  await ask({ action: 'up' }, 'old', [{ name: 'ids', sql: 'SELECT id FROM one' }]);
  await (await database.migrator()).query('REVOKE SELECT ON one FROM telehealth_api');
  expect((await compatible('old')).problems).toMatchObject([{ sqlstate: '42501' }]);
});

test('a release that was never migrated for is not known to fit', async () => {
  expect((await compatible('old')).problems).toMatchObject([{ code: 'release-unknown' }]);
  await ask({ action: 'up' }, 'new');
  expect((await compatible('old')).problems).toMatchObject([{ code: 'release-unknown' }]);
});

test('the question leaves nothing behind', async () => {
  await ask({ action: 'up' }, 'old', [{ name: 'ids', sql: 'SELECT id FROM one' }]);
  const client = await database.superuser();
  const count = async () =>
    (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM migrate.log')).rows;
  const before = await count();
  await compatible('old');
  expect(await count()).toEqual(before);
});

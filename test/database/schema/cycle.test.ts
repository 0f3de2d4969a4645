import { differences, takeSnapshot, type Catalogue } from '../../../lib/migrations/catalogue';
import { titleOf, type MigrationSet } from '../../../lib/migrations/model';
import { TestDatabases, type TestDatabase } from '../support/databases';
import { fill } from '../support/rows';
import { done, migratorOf, readShipped } from '../support/schema';

jest.setTimeout(120_000);

const AMOUNTS = { organisations: 2, patients: 12, visits: 8 };

let databases: TestDatabases;
let set: MigrationSet;
/** What a database of each version consists of, from version 0 on. */
const catalogues: Catalogue[] = [];

const newest = (): number => set.migrations.length;
const phaseOf = (id: number) => set.migrations[id - 1]!.phase;

/** Applies every migration up to a number, whatever its phase. */
async function up(database: TestDatabase, to: number): Promise<void> {
  const migrator = migratorOf(database, set);
  for (const phase of ['expand', 'contract'] as const) {
    const plan = await done(migrator, { action: 'plan', phase, to });
    if (plan.action !== 'plan' || plan.migrations.length === 0) continue;
    await done(migrator, { action: 'up', phase, to, approve: plan.digest });
  }
}

const down = (database: TestDatabase, to: number) =>
  done(migratorOf(database, set), { action: 'down', to, allowLoss: true });

async function catalogueOf(database: TestDatabase): Promise<Catalogue> {
  const client = await database.migrator();
  const { objects, form } = await takeSnapshot(client);
  await client.end();
  // Repeatable views come after the last pair and stay when only some pairs are undone.
  return { form, objects: objects.filter(({ object }) => !object.includes('upcoming_visits')) };
}

/** Every row of every table, without what the database makes anew for a copied number. */
async function rowsOf(database: TestDatabase): Promise<Record<string, unknown>> {
  const client = await database.migrator();
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  );
  const contents: Record<string, unknown> = {};
  for (const { name } of tables) {
    const row = name === 'patient_phones' ? "to_jsonb(t) - 'id' - 'created_at'" : 'to_jsonb(t)';
    const { rows } = await client.query<{ digest: string }>(
      `SELECT count(*) || ' ' || md5(string_agg((${row})::text, '|' ORDER BY (${row})::text)) AS digest FROM ${name} AS t`,
    );
    contents[name] = rows[0]?.digest;
  }
  await client.end();
  return contents;
}

async function populate(database: TestDatabase): Promise<void> {
  const client = await database.migrator();
  await fill(client, AMOUNTS);
  await client.end();
}

beforeAll(async () => {
  set = await readShipped();
  databases = await TestDatabases.start();
  const database = await databases.fresh();
  catalogues.push(await catalogueOf(database));
  for (const { id } of set.migrations) {
    await up(database, id);
    catalogues.push(await catalogueOf(database));
  }
});

afterEach(() => databases.close());
afterAll(() => databases.remove());

test('each migration changes what the database consists of, unless it only moves rows', () => {
  const still = set.migrations.filter(
    ({ id }) => differences(catalogues[id - 1]!, catalogues[id]!).length === 0,
  );
  expect(still.map(({ backfill }) => backfill !== undefined)).toEqual(still.map(() => true));
  expect(still.map(titleOf)).toEqual(['0003_fill_visit_end', '0009_copy_patient_phones']);
});

test('from empty, each migration undone leaves what was there before it, and all of it comes back', async () => {
  const database = await databases.fresh();
  await up(database, newest());
  for (let to = newest() - 1; to >= 0; to -= 1) {
    await down(database, to);
    expect(differences(catalogues[to]!, await catalogueOf(database))).toEqual([]);
  }
  await up(database, newest());
  expect(differences(catalogues[newest()]!, await catalogueOf(database))).toEqual([]);
  expect(await done(migratorOf(database, set), { action: 'drift' })).toMatchObject({ differences: [] });
});

test('from every version, with rows in all its tables, the newest is reached and left again', async () => {
  for (let from = 1; from < newest(); from += 1) {
    const database = await databases.fresh();
    await up(database, from);
    await populate(database);
    const before = await rowsOf(database);
    await up(database, newest());
    expect(differences(catalogues[newest()]!, await catalogueOf(database))).toEqual([]);
    await down(database, from);
    expect(differences(catalogues[from]!, await catalogueOf(database))).toEqual([]);
    const { patients, ...after } = await rowsOf(database);
    expect({ from, ...after, patients: before['patients'] }).toEqual({ from, ...before });
    // The contraction says that it is lossy: the column comes back empty.
    expect(patients).not.toBe(before['patients']);
    await database.close();
  }
});

test('rows written after up survive down and up, to every version above which nothing is lossy', async () => {
  const lastExpand = set.migrations.filter(({ phase }) => phase === 'expand').at(-1)!.id;
  const database = await databases.fresh();
  await up(database, lastExpand);
  await populate(database);
  const written = await rowsOf(database);
  for (let to = lastExpand - 1; to > 0; to -= 1) {
    await down(database, to);
    await up(database, lastExpand);
    // Numbers are all in patients.phone as well, so that even the lossy migration finds them again.
    expect({ to, ...(await rowsOf(database)) }).toEqual({ to, ...written });
  }
});

test('a migration that loses rows says so, and is not undone without leave', async () => {
  const lossy = set.migrations.filter(({ reversible }) => reversible !== 'lossless').map(({ id }) => id);
  expect(lossy).toEqual([1, 8, 10]);
  const database = await databases.fresh();
  await up(database, 9);
  await populate(database);
  const client = await database.migrator();
  await client.query(
    `INSERT INTO patient_phones (organisation_id, patient_id, number)
     SELECT organisation_id, id, '+15559999999' FROM patients LIMIT 1`,
  );
  const count = async () =>
    (await client.query<{ n: number }>('SELECT count(*)::integer AS n FROM patient_phones')).rows[0]?.n;
  const before = await count();
  const refused = await migratorOf(database, set).run({ action: 'down', to: 7 });
  expect(refused).toMatchObject({ outcome: 'refused', problems: [{ code: 'loses-data' }] });
  expect(await count()).toBe(before);
  await down(database, 7);
  await up(database, 9);
  expect(await count()).toBe(before! - 1);
});

test('a contraction comes last, and needs the leave of a plan', async () => {
  const database = await databases.fresh();
  await up(database, newest() - 1);
  expect(phaseOf(newest())).toBe('contract');
  const report = await migratorOf(database, set).run({ action: 'up', phase: 'contract' });
  expect(report).toMatchObject({ outcome: 'refused' });
  expect(differences(catalogues[newest() - 1]!, await catalogueOf(database))).toEqual([]);
});

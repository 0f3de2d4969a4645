import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { catalogueHash, takeSnapshot } from '../../../lib/migrations/catalogue';
import { createMigrator, type Migrator } from '../../../lib/migrations/engine';
import { readMigrations } from '../../../lib/migrations/files';
import { lintMigrations } from '../../../lib/migrations/lint';
import type { PlanReport, Report } from '../../../lib/migrations/report';
import { readRecipes, writeRecipe } from '../../support/recipes';
import { CLOCK, type TestDatabase, TestDatabases } from '../support/databases';

const ROWS = 12_000;
const recipes = [...readRecipes().keys()].filter((name) => name !== 'table');
let databases: TestDatabases;
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  databases = await TestDatabases.start();
}, 60_000);
afterAll(() => databases.remove());
beforeEach(async () => {
  database = await databases.fresh();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recipes-'));
});
afterEach(async () => {
  await databases.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function migrator(): Promise<Migrator> {
  return createMigrator({
    set: await readMigrations(folder),
    connect: (application) => database.migrator(application),
    clock: CLOCK,
    runner: { release: '2', commit: 'abc', actor: 'test' },
    queries: [],
    applicationPrefix: 'telehealth-api/',
  });
}

async function populate(): Promise<void> {
  const client = await database.migrator();
  await client.query(`INSERT INTO rooms (organisation_id, name) VALUES (gen_random_uuid(), 'room')`);
  await client.query(
    `INSERT INTO appointments (organisation_id, room_id, code, title, status, minutes, note)
     SELECT organisation_id, id, 'code ' || n, 'title ' || n, 'planned', 1 + n % 60, 'note'
     FROM rooms, generate_series(1, $1::int) AS n`,
    [ROWS],
  );
}

/** Both phases, the second approved as a person does who has read the plan. */
async function up(runner: Migrator): Promise<void> {
  for (const phase of ['expand', 'contract'] as const) {
    const { digest } = (await runner.run({ action: 'plan', phase })) as PlanReport;
    const report: Report = await runner.run({ action: 'up', phase, approve: digest });
    expect(report).toMatchObject({ outcome: 'done', problems: [] });
  }
}

async function state(): Promise<{ readonly hash: string; readonly rows: number }> {
  const client = await database.migrator();
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int FROM appointments');
  return { hash: catalogueHash(await takeSnapshot(client)), rows: rows[0]?.count ?? 0 };
}

test.each(recipes)('the recipe %s passes lint, and goes up, down and up on a filled table', async (name) => {
  writeRecipe(folder);
  await (await migrator()).run({ action: 'up' });
  await populate();
  const before = await state();

  writeRecipe(folder, name);
  const { findings } = await lintMigrations(folder);
  expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);

  const runner = await migrator();
  await up(runner);
  const after = await state();
  expect(after.rows).toBe(ROWS);

  const { migrations } = await readMigrations(folder);
  const undo = await runner.run({ action: 'down', to: 1, allowLoss: true });
  if (migrations.some(({ id, reversible }) => id > 1 && reversible === 'no')) {
    expect(undo.problems.map(({ code }) => code)).toContain('irreversible');
    expect(await state()).toEqual(after);
  } else {
    expect(undo).toMatchObject({ outcome: 'done', version: 1 });
    expect(await state()).toEqual(before);
    await up(runner);
    expect(await state()).toEqual(after);
  }
});

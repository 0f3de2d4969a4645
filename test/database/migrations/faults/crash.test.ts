import { BUILDS, World } from './support/world';

jest.setTimeout(60_000);

/** Databases in which runners are killed at the same time. */
const LANES = 3;

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterEach(() => world.databases.close());
afterAll(() => world.remove());

describe('a runner that is killed with -9', () => {
  test('before a migration has begun: nothing has happened, and the next run does it', async () => {
    const database = await world.database();
    const runner = world.run(database, { pause: { at: '^ALTER TABLE people ADD COLUMN', moment: 'before' } });
    await runner.paused();
    await runner.kill();
    expect(await world.words(database)).toMatchObject({ '0002_cities': 'waits to be applied' });
    await world.finishes(database);
  });

  test('in a transaction: it is taken back, and the next run does it', async () => {
    const database = await world.database();
    const runner = world.run(database, { pause: { at: '^INSERT INTO cities', moment: 'after' } });
    await runner.paused();
    await runner.kill();
    expect(await world.words(database)).toMatchObject({
      '0002_cities': 'waits to be applied',
      '0003_indexes': 'waits to be applied',
    });
    await world.finishes(database);
  });

  test('in a statement that runs: it is taken back, and the next run does it', async () => {
    const database = await world.database();
    await world.done(database, { request: { action: 'up', to: 5 } });
    const writer = await database.api();
    await writer.query('BEGIN; LOCK TABLE people IN SHARE UPDATE EXCLUSIVE MODE');
    const runner = world.run(database, { pause: { at: '^ALTER TABLE people VALIDATE', moment: 'during' } });
    await runner.paused();
    await runner.kill();
    await writer.query('COMMIT');
    expect(await world.words(database)).toMatchObject({ '0006_prove': 'waits to be applied' });
    await world.finishes(database);
  });

  test('after a transaction: it is applied, and the next run does what follows', async () => {
    const database = await world.database();
    const runner = world.run(database, { pause: { at: '^COMMIT$', moment: 'after' } });
    await runner.paused();
    await runner.kill();
    expect(await world.words(database)).toMatchObject({
      '0002_cities': 'applied by release 2',
      '0003_indexes': 'waits to be applied',
    });
    await world.finishes(database);
  });

  test('in a concurrent build: that goes on by itself, and the next run takes it over', async () => {
    const database = await world.database();
    const { runner, writer } = await world.building(database);
    await runner.kill();
    expect((await world.words(database))['0003_indexes']).toMatch(
      /^applying: an index is being built by process \d+, which goes on by itself, 0 of 2 statements are done; `up` waits for it and continues$/,
    );
    const next = world.run(database);
    await world.until(
      database,
      `SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE '%JOIN pg_stat_activity a%' AND state = 'idle'`,
    );
    await writer.query('COMMIT');
    expect(await next.report()).toMatchObject({ outcome: 'done', problems: [] });
    await world.isWhole(database);
  });

  test('in a concurrent build that ends with it: the invalid index is built anew', async () => {
    const database = await world.database();
    const { runner, writer } = await world.building(database);
    await runner.kill();
    await (await database.migrator()).query(`SELECT pg_terminate_backend(pid, 5000) FROM (${BUILDS}) builds`);
    await writer.query('COMMIT');
    await world.until(database, 'SELECT count(*) = 1 FROM pg_index WHERE NOT indisvalid');
    expect((await world.words(database))['0003_indexes']).toBe(
      'applying it was interrupted: its runner is gone, 0 of 2 statements are done; `up` continues there',
    );
    await world.finishes(database);
  });

  test('in a batch of a backfill: the batches before it stay, and the next run goes on behind them', async () => {
    const database = await world.database();
    const runner = world.run(database, { pause: { at: '^UPDATE people', moment: 'after', occurrence: 4 } });
    await runner.paused();
    await runner.kill();
    expect((await world.words(database))['0004_fill']).toBe(
      'applying it was interrupted: its runner is gone, 600 of about 2000 rows are visited; `up` continues there',
    );
    const { steps } = await world.finishes(database);
    expect(steps).toContainEqual(expect.objectContaining({ title: '0004_fill', rows: 1_400 }));
  });
});

test('wherever it is killed, before or after a query, the next run finishes without a loss', async () => {
  const positions = world.queries.map((_, index) => index + 1).filter((position) => position % 12 === 0);
  const found: string[] = [];
  const killAt = async (turn: number): Promise<void> => {
    const at = positions[turn];
    if (at === undefined) return;
    const database = await world.database();
    const runner = world.run(database, { pause: { at, moment: turn % 2 === 0 ? 'before' : 'after' } });
    found.push(await runner.paused());
    await runner.kill();
    await world.finishes(database);
    await database.close();
    await killAt(turn + LANES);
  };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => killAt(lane)));
  expect(found).toHaveLength(positions.length);
  expect(found.length).toBeGreaterThan(6);
});

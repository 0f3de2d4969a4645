import type { RunReport } from '../../../../lib/migrations/report';
import { CLOCK, type TestDatabase } from '../../support/databases';
import { World } from './support/world';

jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterEach(() => world.databases.close());
afterAll(() => world.remove());

/**
 * Reads and writes as the application does, until it is ended. It gives up a query that waits for more than five
 * times the migration's `lock_timeout`.
 */
async function traffic(database: TestDatabase): Promise<{ end(): Promise<number> }> {
  const client = await database.api();
  await client.query("SET lock_timeout = '500ms'");
  const ending = new AbortController();
  let requests = 0;
  const work = async (): Promise<number> => {
    while (!ending.signal.aborted) {
      await client.query('SELECT name FROM people WHERE id = $1', [(requests % 2_000) + 1]);
      await client.query('UPDATE people SET name = name WHERE id = $1', [(requests % 2_000) + 1]);
      requests += 1;
      await CLOCK.sleep(5);
    }
    return requests;
  };
  const working = work();
  working.catch(() => undefined); // whoever ends it is told
  return {
    end: () => {
      ending.abort();
      return working;
    },
  };
}

async function reader(database: TestDatabase): Promise<{ end(): Promise<unknown> }> {
  const client = await database.api();
  await client.query('BEGIN; SELECT FROM people LIMIT 1');
  return { end: () => client.query('COMMIT') };
}

test('a session that never ends its transaction: tried again and again, given up in words, done by the next run', async () => {
  const database = await world.database();
  const reading = await reader(database);
  const requests = await traffic(database);
  const report = (await world.run(database, { limits: { retryMs: 1_500 } }).report()) as RunReport;
  expect(report).toMatchObject({
    outcome: 'failed',
    version: 1,
    problems: [
      {
        code: 'lock-timeout',
        sqlstate: '55P03',
        migration: '0002_cities',
        message: '0002_cities.up.sql:2: canceling statement due to lock timeout.',
        mend: 'Another transaction holds the lock. Wait for it or end it, and run again.',
      },
    ],
    steps: [{ title: '0002_cities', outcome: 'failed' }],
  });
  expect(report.steps[0]?.attempts).toBeGreaterThan(2);
  expect(await requests.end()).toBeGreaterThan(10);
  expect((await world.words(database))['0002_cities']).toMatch(
    /^waits to be applied; the last try, at .*, failed and nothing of it is left: .*lock timeout/,
  );
  await reading.end();
  await world.finishes(database);
});

test('a session that ends its transaction at last: the run gets its lock in between and ends well', async () => {
  const database = await world.database();
  const reading = await reader(database);
  const requests = await traffic(database);
  const runner = world.run(database);
  await world.until(
    database,
    `EXISTS (SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock')`,
  );
  await CLOCK.sleep(500);
  await reading.end();
  const report = (await runner.report()) as RunReport;
  await requests.end();
  expect(report).toMatchObject({ outcome: 'done', problems: [] });
  expect(report.steps[0]?.attempts).toBeGreaterThan(1);
  await world.isWhole(database);
});

test('a session that holds rows of a batch: the batches before it stay, and no row is filled twice', async () => {
  const database = await world.database();
  await world.done(database, { request: { action: 'up', to: 3 } });
  const writer = await database.api();
  await writer.query('BEGIN; UPDATE people SET name = name WHERE id = 700');
  expect(await world.run(database, { limits: { retryMs: 500 } }).report()).toMatchObject({
    outcome: 'failed',
    problems: [
      { code: 'lock-timeout', migration: '0004_fill', sqlstate: '55P03' },
      { code: 'left-half-way', migration: '0004_fill', message: expect.stringContaining('600 of') as string },
    ],
    steps: [{ title: '0004_fill', direction: 'up', outcome: 'failed', rows: 600 }],
  });
  expect((await world.words(database))['0004_fill']).toMatch(
    /^applying it failed half-way, 600 of about 2000 rows are visited: .*lock timeout.*`up` continues there/,
  );
  await writer.query('COMMIT');
  await world.finishes(database);
});

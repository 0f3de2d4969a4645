import { Proxy } from './support/proxy';
import { World } from './support/world';

jest.setTimeout(60_000);

let world: World;
let proxy: Proxy;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
beforeEach(async () => {
  proxy = await Proxy.before(world.databases.server.port);
});
afterEach(async () => {
  await proxy.close();
  await world.databases.close();
});
afterAll(() => world.remove());

const INTERRUPTED = 'applying it was interrupted: its runner is gone';

describe('a network that resets every connection', () => {
  test('in a transaction: nothing of it is left, and the next run does it', async () => {
    const database = await world.database();
    const runner = world.run(database, {
      port: proxy.port,
      pause: { at: '^INSERT INTO cities', moment: 'after' },
    });
    await runner.paused();
    proxy.cut();
    runner.goOn();
    expect(await runner.report()).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'connection-lost' }],
    });
    expect(await world.words(database)).toMatchObject({ '0002_cities': 'waits to be applied' });
    await world.finishes(database);
  });

  test('in a batch of a backfill: the next run goes on behind the batches that are done', async () => {
    const database = await world.database();
    const runner = world.run(database, {
      port: proxy.port,
      pause: { at: '^UPDATE people', moment: 'after', occurrence: 3 },
    });
    await runner.paused();
    proxy.cut();
    runner.goOn();
    expect(await runner.report()).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'connection-lost' }],
    });
    await world.until(
      database,
      `NOT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'UPDATE people%')`,
    );
    expect((await world.words(database))['0004_fill']).toBe(
      `${INTERRUPTED}, 400 of about 2000 rows are visited; \`up\` continues there`,
    );
    await world.finishes(database);
  });

  test('in a concurrent build: the build goes on in the database, and the next run takes it over', async () => {
    const database = await world.database();
    const { runner, writer } = await world.building(database, { port: proxy.port });
    proxy.cut();
    expect(await runner.report()).toMatchObject({ outcome: 'failed' });
    expect((await world.words(database))['0003_indexes']).toMatch(/an index is being built by process \d+/);
    await writer.query('COMMIT');
    await world.finishes(database);
  });
});

describe('a network that falls silent', () => {
  test('in a transaction: the runner ends in words, the server frees the locks, and the next run does it', async () => {
    const database = await world.database();
    const runner = world.run(database, {
      port: proxy.port,
      pause: { at: '^INSERT INTO cities', moment: 'after' },
    });
    await runner.paused();
    proxy.fallSilent();
    runner.goOn();
    // The server ends the silent session by itself; the next runner waits for that.
    await world.finishes(database);
    expect(await runner.report()).toMatchObject({ outcome: 'failed', problems: [{ code: 'watchdog-lost' }] });
    await world.isWhole(database);
  });

  test('in a concurrent build: the runner ends in words, and the next run takes the build over', async () => {
    const database = await world.database();
    const { runner, writer } = await world.building(database, {
      port: proxy.port,
      limits: { idleMs: 2_000 },
    });
    proxy.fallSilent();
    expect((await world.words(database))['0003_indexes']).toMatch(/an index is being built by process \d+/);
    await writer.query('COMMIT');
    await world.finishes(database);
    expect(await runner.report()).toMatchObject({ outcome: 'failed' });
    await world.isWhole(database);
  });
});

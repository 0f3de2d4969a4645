import type { TestDatabase } from '../../support/databases';
import { World } from './support/world';

jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterEach(() => world.databases.close());
afterAll(() => world.remove());

/** Whichever notices first, the runner or its watchdog; and nothing but that. */
const LOST = {
  code: expect.stringMatching(/^(connection|watchdog)-lost$/) as string,
  mend: expect.stringContaining('it continues where the history says') as string,
};

/** A database whose sequences survive a crash: PostgreSQL does not log what a copied one has in stock. */
async function freshDatabase(): Promise<TestDatabase> {
  const database = await world.database();
  await (await database.superuser()).query('CHECKPOINT');
  return database;
}

describe.each(['fast', 'immediate'] as const)('a server that is restarted (%s) under a runner', (mode) => {
  test('in a batch of a backfill: the batch is taken back, and the next run goes on', async () => {
    const database = await freshDatabase();
    const runner = world.run(database, { pause: { at: '^UPDATE people', moment: 'after', occurrence: 3 } });
    await runner.paused();
    await world.restart(mode);
    runner.goOn();
    expect(await runner.report()).toMatchObject({
      outcome: 'failed',
      problems: [LOST],
    });
    expect((await world.words(database))['0004_fill']).toBe(
      'applying it was interrupted: its runner is gone, 400 of about 2000 rows are visited; `up` continues there',
    );
    await world.finishes(database);
  });

  test('in a transaction: nothing of it is left, and the next run does it', async () => {
    const database = await freshDatabase();
    const runner = world.run(database, { pause: { at: '^INSERT INTO cities', moment: 'after' } });
    await runner.paused();
    await world.restart(mode);
    runner.goOn();
    expect(await runner.report()).toMatchObject({ outcome: 'failed', problems: [LOST] });
    expect(await world.words(database)).toMatchObject({ '0002_cities': 'waits to be applied' });
    await world.finishes(database);
  });

  test('in a concurrent build: its invalid index is built anew by the next run', async () => {
    const database = await freshDatabase();
    const { runner } = await world.building(database);
    await world.restart(mode);
    expect(await runner.report()).toMatchObject({ outcome: 'failed', problems: [LOST] });
    expect((await world.words(database))['0003_indexes']).toBe(
      'applying it was interrupted: its runner is gone, 0 of 2 statements are done; `up` continues there',
    );
    await world.finishes(database);
  });

  test('in what undoes: nothing of it is undone, and the next run undoes it and applies it again', async () => {
    const database = await freshDatabase();
    await world.done(database);
    const runner = world.run(database, {
      request: { action: 'down', to: 4 },
      pause: { at: '^ALTER TABLE people DROP CONSTRAINT', moment: 'after' },
    });
    await runner.paused();
    await world.restart(mode);
    runner.goOn();
    expect(await runner.report()).toMatchObject({
      outcome: 'failed',
      problems: [{ ...LOST, migration: '0005_claim' }],
    });
    expect(await world.words(database)).toMatchObject({
      '0005_claim': 'applied by release 2',
      '0006_prove': 'waits to be applied',
    });
    await world.done(database, { request: { action: 'down', to: 4 } });
    await world.finishes(database);
  });
});

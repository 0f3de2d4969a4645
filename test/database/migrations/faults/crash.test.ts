import { World } from './support/world';

jest.setTimeout(60_000);

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
});

test('wherever it is killed, before or after a query, the next run finishes without a loss', async () => {
  const positions = world.queries.map((_, index) => index + 1).filter((position) => position % 6 === 0);
  const found: string[] = [];
  for (const [turn, at] of positions.entries()) {
    const database = await world.database();
    const runner = world.run(database, { pause: { at, moment: turn % 2 === 0 ? 'before' : 'after' } });
    found.push(await runner.paused());
    await runner.kill();
    await world.finishes(database);
    await world.databases.close();
  }
  expect(found.length).toBeGreaterThan(10);
});

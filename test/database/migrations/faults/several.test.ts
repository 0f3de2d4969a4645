import type { RunReport } from '../../../../lib/migrations/report';
import { World } from './support/world';

jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterEach(() => world.databases.close());
afterAll(() => world.remove());

test.each([2, 8])(
  '%i runners at once: one applies each migration, the others wait, and all end',
  async (count) => {
    const database = await world.database();
    const runners = Array.from({ length: count }, () => world.run(database));
    const reports = (await Promise.all(runners.map((runner) => runner.report()))) as RunReport[];
    expect(reports.map(({ outcome, problems, version }) => ({ outcome, problems, version }))).toEqual(
      Array.from({ length: count }, () => ({ outcome: 'done', problems: [], version: 6 })),
    );
    const applied = reports.flatMap(({ steps }) => steps.map(({ title, outcome }) => `${title} ${outcome}`));
    expect(applied.sort()).toEqual([
      ...world.set.migrations
        .slice(1)
        .map(({ id, name }) => `${String(id).padStart(4, '0')}_${name} applied`),
      'repeatable/names applied',
    ]);
    const { rows } = await (
      await database.migrator()
    ).query(`SELECT title FROM migrate.log WHERE outcome = 'applied' AND action = 'up' ORDER BY title`);
    expect(rows).toHaveLength(6);
    await world.isWhole(database);
  },
);

test('who may not wait long is refused, and told who works', async () => {
  const database = await world.database();
  const first = world.run(database, { pause: { at: '^INSERT INTO cities', moment: 'after' } });
  await first.paused();
  const others = await Promise.all(
    Array.from({ length: 3 }, () => world.run(database, { limits: { lockWaitMs: 50 } }).report()),
  );
  for (const report of others)
    expect(report).toMatchObject({
      outcome: 'refused',
      steps: [],
      problems: [
        {
          code: 'lock-held',
          message: expect.stringMatching(
            /Another runner works in this database.* It is telehealth-migrations\/2 \(telehealth_migrator from 127\.0\.0\.1, process \d+, .*\), connected for \d+ s\.$/,
          ) as string,
        },
      ],
    });
  first.goOn();
  expect(await first.report()).toMatchObject({ outcome: 'done', problems: [] });
  await world.isWhole(database);
});

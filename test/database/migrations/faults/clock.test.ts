import type { LockReport, StatusReport } from '../../../../lib/migrations/report';
import { World } from './support/world';

jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterEach(() => world.databases.close());
afterAll(() => world.remove());

const HOURS = 3_600_000;

/** Every moment that the engine has written, and what they have to lie between. */
const MOMENTS = `
  SELECT count(*)::int AS moments, bool_and(at BETWEEN $1 AND clock_timestamp()) AS right FROM (
    SELECT changed_at AS at FROM migrate.history WHERE id > 1
    UNION ALL SELECT at FROM migrate.log WHERE sequence > $2
    UNION ALL SELECT applied_at FROM migrate.repeatables
    UNION ALL SELECT stored_at FROM migrate.releases) moments`;

test.each([-7, 7])(
  'a clock that is %i hours wrong: every moment in the history is the database’s',
  async (hours) => {
    const skewMs = hours * HOURS;
    const database = await world.database();
    const client = await database.migrator();
    const { rows: before } = await client.query<{ at: Date; sequence: string }>(
      'SELECT clock_timestamp() AS at, (SELECT max(sequence) FROM migrate.log) AS sequence',
    );
    const { steps, milliseconds } = await world.finishes(database, { skewMs });
    const { rows } = await client.query<{ moments: number; right: boolean }>(MOMENTS, [
      before[0]?.at,
      before[0]?.sequence,
    ]);
    expect(rows).toEqual([{ moments: 5 + 6 + 1 + 1, right: true }]);
    for (const duration of [milliseconds, ...steps.map((step) => step.milliseconds)])
      expect(duration).toBeLessThan(HOURS);
  },
);

test('clocks that differ by half a day give nobody the lock of another one', async () => {
  const database = await world.database();
  const holder = world.run(database, {
    skewMs: -6 * HOURS,
    pause: { at: '^INSERT INTO cities', moment: 'after' },
  });
  await holder.paused();
  const ahead = { skewMs: 6 * HOURS, limits: { lockWaitMs: 50 } };
  expect(await world.run(database, ahead).report()).toMatchObject({
    outcome: 'refused',
    problems: [{ code: 'lock-held' }],
  });
  const ask = { skewMs: 6 * HOURS, request: { action: 'lock' } } as const;
  const { lock } = (await world.run(database, ask).report()) as LockReport;
  expect(lock).toMatchObject({ state: 'idle in transaction' });
  expect(lock?.sinceMs).toBeLessThan(HOURS);
  const status = (await world
    .run(database, { skewMs: 6 * HOURS, request: { action: 'status' } })
    .report()) as StatusReport;
  expect(status.migrations[1]).toMatchObject({ title: '0002_cities', words: 'waits to be applied' });

  const waiting = world.run(database, { skewMs: 6 * HOURS });
  holder.goOn();
  expect(await holder.report()).toMatchObject({ outcome: 'done', problems: [] });
  expect(await waiting.report()).toMatchObject({ outcome: 'done', problems: [], steps: [] });
  await world.isWhole(database);
});

test('a clock that jumps by half a day in a run does no harm', async () => {
  for (const jumpMs of [12 * HOURS, -12 * HOURS]) {
    const database = await world.database();
    const runner = world.run(database, {
      jumpMs,
      pause: { at: '^UPDATE people', moment: 'after', occurrence: 3 },
    });
    await runner.paused();
    runner.goOn();
    expect(await runner.report()).toMatchObject({ outcome: 'done', problems: [] });
    await world.isWhole(database);
  }
});

import type { LockReport } from '../../../../lib/migrations/report';
import { World } from './support/world';

jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterEach(() => world.databases.close());
afterAll(() => world.remove());

const IN_TRANSACTION = { at: '^INSERT INTO cities', moment: 'during' } as const;
const LOCK_WORDS = expect.stringMatching(
  /It is telehealth-migrations\/2 \(telehealth_migrator from 127\.0\.0\.1, process \d+, idle in transaction\)/,
) as string;

test('frozen in a transaction: others say who it is, the server ends it, and thawed it does no harm', async () => {
  const database = await world.database();
  const frozen = world.run(database, { pause: { at: '^INSERT INTO cities', moment: 'after' } });
  await frozen.paused();
  frozen.freeze();
  expect(await world.run(database, { limits: { lockWaitMs: 50 } }).report()).toMatchObject({
    outcome: 'refused',
    problems: [{ code: 'lock-held', message: LOCK_WORDS }],
  });
  const { lock } = (await world.ask(database, 'lock')) as LockReport;
  expect(lock).toMatchObject({ application: 'telehealth-migrations/2', state: 'idle in transaction' });
  await world.finishes(database);
  frozen.thaw();
  frozen.goOn();
  expect(await frozen.report()).toMatchObject({
    outcome: 'failed',
    problems: [{ code: 'connection-lost', migration: '0002_cities' }],
  });
  await world.isWhole(database);
});

test('frozen between two batches: the next runner goes on behind them, and thawed it does no harm', async () => {
  const database = await world.database();
  const frozen = world.run(database, {
    pause: { at: '^BEGIN; SELECT', moment: 'before', occurrence: 8 },
    limits: { idleMs: 1_000 },
  });
  await frozen.paused();
  frozen.freeze();
  expect((await world.words(database))['0004_fill']).toMatch(
    /^applying: process \d+ is at it, \d+ of about 2000 rows are visited$/,
  );
  await world.finishes(database);
  frozen.thaw();
  frozen.goOn();
  expect(await frozen.report()).toMatchObject({ outcome: 'failed', problems: [{ code: 'connection-lost' }] });
  await world.isWhole(database);
});

test('frozen while an index is built: the next runner takes the build over, and thawed it does no harm', async () => {
  const database = await world.database();
  const { runner: frozen, writer } = await world.building(database, { limits: { idleMs: 1_000 } });
  frozen.freeze();
  expect((await world.words(database))['0003_indexes']).toMatch(
    /^applying: an index is being built by process \d+, which goes on by itself/,
  );
  await writer.query('COMMIT');
  await world.finishes(database);
  frozen.thaw();
  expect(await frozen.report()).toMatchObject({ outcome: 'failed', problems: [{ code: 'connection-lost' }] });
  await world.isWhole(database);
});

test('frozen and then killed: the lock is free at once', async () => {
  const database = await world.database();
  const frozen = world.run(database, { pause: IN_TRANSACTION });
  await frozen.paused();
  frozen.freeze();
  await frozen.kill();
  expect(await world.words(database)).toMatchObject({ '0003_indexes': 'waits to be applied' });
  await world.finishes(database);
});

import { BUILDS, World } from './support/world';

jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterEach(() => world.databases.close());
afterAll(() => world.remove());

describe('somebody ends with pg_terminate_backend', () => {
  test('the session of the runner: the next run goes on', async () => {
    const database = await world.database();
    const runner = world.run(database, { pause: { at: '^UPDATE people', moment: 'after', occurrence: 3 } });
    await runner.paused();
    const admin = await database.superuser();
    await admin.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE application_name = 'telehealth-migrations/2' AND datname = current_database()`);
    runner.goOn();
    expect(await runner.report()).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'connection-lost' }],
    });
    expect((await world.words(database))['0004_fill']).toBe(
      `applying it was interrupted: its runner is gone, 400 of about 2000 rows are visited; \`up\` continues there`,
    );
    await world.finishes(database);
  });

  test('the session of the watchdog: it comes back, and the run ends well', async () => {
    const database = await world.database();
    const runner = world.run(database, { pause: { at: '^INSERT INTO cities', moment: 'after' } });
    await runner.paused();
    const admin = await database.superuser();
    const ended = await admin.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE application_name = 'telehealth-migrations/watchdog' AND datname = current_database()`);
    expect(ended.rowCount).toBe(1);
    await world.until(
      database,
      `EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'telehealth-migrations/watchdog'
         AND datname = current_database())`,
    );
    runner.goOn();
    expect(await runner.report()).toMatchObject({ outcome: 'done', problems: [] });
    await world.isWhole(database);
  });

  test('the session of a build: what it left is gone, the run says so, and the next run builds it', async () => {
    const database = await world.database();
    const { runner, writer } = await world.building(database);
    await (await database.migrator()).query(`SELECT pg_terminate_backend(pid, 5000) FROM (${BUILDS}) builds`);
    await writer.query('COMMIT');
    expect(await runner.report()).toMatchObject({ outcome: 'failed', problems: [{ code: 'build-ended' }] });
    expect((await world.words(database))['0003_indexes']).toMatch(
      /^waits to be applied; the last try, at .*, failed and nothing of it is left: .*was ended from outside/,
    );
    await world.finishes(database);
  });
});

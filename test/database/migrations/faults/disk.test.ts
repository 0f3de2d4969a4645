import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { placeOf } from '../../../../lib/local/postgres/place';
import { runningServer } from '../../../../lib/local/postgres/process';
import type { TestDatabase } from '../../support/databases';
import { BUILDS, World } from './support/world';

jest.setTimeout(60_000);

/** More than a segment of the write-ahead log, which is 16 MiB, and less than the migrations below write. */
const LARGEST_FILE = 18 * 1024 * 1024;

let world: World;

beforeAll(async () => {
  world = await World.start({
    '0002_cities.up.sql': `-- migrate: phase=expand reversible=lossless
      ALTER TABLE people ADD COLUMN city text, ADD COLUMN touched integer NOT NULL DEFAULT 0;
      ALTER TABLE people ADD COLUMN scan text, ALTER COLUMN name SET STORAGE EXTERNAL;
      ALTER TABLE people ALTER COLUMN scan SET STORAGE EXTERNAL;
      UPDATE people SET name = rpad(name, 1000, 'x');
      CREATE TABLE cities (name text PRIMARY KEY);
      INSERT INTO cities VALUES ('Springfield');`,
    '0002_cities.down.sql': `DROP TABLE cities;
      ALTER TABLE people DROP COLUMN city, DROP COLUMN touched, DROP COLUMN scan;`,
    '0004_fill.up.sql': `-- migrate: phase=expand reversible=lossy
      -- migrate: kind=backfill table=people key=id batch=200 pause=1ms
      UPDATE people SET touched = touched + 1, city = 'Springfield', scan = rpad('', 12000, 'x')
      WHERE ($1::integer IS NULL OR id > $1) AND id <= $2;`,
    '0007_pages.up.sql': `-- migrate: phase=expand reversible=lossless
      CREATE TABLE pages (text text);
      INSERT INTO pages SELECT rpad('', 1900, 'x') FROM generate_series(1, 12000);`,
    '0007_pages.down.sql': 'DROP TABLE pages;',
  });
}, 60_000);
afterEach(async () => {
  letFilesGrow('unlimited');
  await world.databases.close();
});
afterAll(() => world.remove());

/** Lets the files of sessions that begin from now on grow up to so many bytes; what is written beyond is refused. */
function letFilesGrow(bytes: number | 'unlimited'): void {
  const { data } = placeOf(world.databases.server.dir);
  const pid = runningServer(data)?.pid ?? 0;
  const { uid, gid } = fs.statSync(data); // nobody else needs to be allowed to
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { uid, gid });
}

async function fillDisk(database: TestDatabase): Promise<void> {
  // A session writes pages of others to make room in memory, which it shall not stumble over.
  await (await database.superuser()).query('CHECKPOINT');
  letFilesGrow(LARGEST_FILE);
}

/** Puts a disk without a free byte below the temporary files of a session. */
function fillTemporaryFiles(pid: number): void {
  const { data } = placeOf(world.databases.server.dir);
  const folder = path.join(data, 'base', 'pgsql_tmp');
  fs.mkdirSync(folder, { recursive: true });
  const { uid, gid } = fs.statSync(data);
  fs.chownSync(folder, uid, gid);
  for (let count = 0; count < 8; count += 1)
    fs.symlinkSync('/dev/full', path.join(folder, `pgsql_tmp${pid}.${count}`));
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

// Without privileges no file system can be filled up; Linux has a limit for files, and /dev/full.
onLinux('a disk that is full (on Linux)', () => {
  test('in a transaction: it is taken back, and the next run does it once there is room', async () => {
    const database = await world.database();
    await world.done(database, { request: { action: 'up', to: 6 } });
    await fillDisk(database);
    expect(await world.run(database).report()).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'disk-full', migration: '0007_pages', line: 3 }],
      version: 6,
    });
    expect((await world.words(database))['0007_pages']).toMatch(
      /^waits to be applied; the last try, at .*, failed and nothing of it is left: /,
    );
    letFilesGrow('unlimited');
    await world.finishes(database);
  });

  test('in a batch of a backfill: the batches before it stay, and the next run goes on behind them', async () => {
    const database = await world.database();
    await world.done(database, { request: { action: 'up', to: 3 } });
    await fillDisk(database);
    const report = await world.run(database).report();
    expect(report).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'disk-full', migration: '0004_fill' }, { code: 'left-half-way' }],
    });
    expect((await world.words(database))['0004_fill']).toMatch(
      /^applying it failed half-way, 1\d{3} of about 2000 rows are visited: .* `up` continues there once the cause is mended/,
    );
    letFilesGrow('unlimited');
    const { steps } = await world.finishes(database);
    expect(steps[0]?.rows).toBeLessThan(1_100);
  });

  test('in a concurrent build: no invalid index is left, and the next run builds it once there is room', async () => {
    const database = await world.database();
    const admin = await database.superuser();
    await admin.query(`ALTER DATABASE ${database.name} SET maintenance_work_mem = '1MB'`);
    const { runner, writer } = await world.building(database);
    const { rows } = await admin.query<{ pid: number }>(BUILDS);
    fillTemporaryFiles(rows[0]?.pid ?? 0);
    await writer.query('COMMIT');
    expect(await runner.report()).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'disk-full', sqlstate: '53100', migration: '0003_indexes' }],
      version: 2,
    });
    await world.until(database, 'SELECT count(*) = 0 FROM pg_index WHERE NOT indisvalid');
    expect((await world.words(database))['0003_indexes']).toMatch(
      /^waits to be applied; the last try, at .*, failed and nothing of it is left: .*No space left on device/,
    );
    await world.finishes(database);
  });
});

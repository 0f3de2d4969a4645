import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Client } from 'pg';
import { placeOf } from '../../../../../lib/local/postgres/place';
import { runningServer } from '../../../../../lib/local/postgres/process';
import { readMigrations } from '../../../../../lib/migrations/files';
import {
  type Catalogue,
  catalogueHash,
  differences,
  takeSnapshot,
} from '../../../../../lib/migrations/catalogue';
import type { MigrationSet } from '../../../../../lib/migrations/model';
import type { Report, RunReport, StatusReport } from '../../../../../lib/migrations/report';
import { CLOCK, TestDatabase, TestDatabases } from '../../../support/databases';
import { ACCESS } from '../../../support/server';
import { ROWS, writeFiles } from './files';
import { bundleRunner, RunnerProcess } from './runner-process';
import type { Task } from './task';

/** Every row, as one value: of a table of people, and of the cities. */
const CHECKSUM = `
  SELECT (SELECT count(*)::int FROM people) AS people,
    (SELECT count(*)::int FROM people WHERE touched = 1 AND city = 'Springfield') AS filled,
    (SELECT md5(string_agg(md5(p::text), '' ORDER BY id)) FROM people p) AS rows,
    (SELECT count(*)::int FROM cities) AS cities,
    (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS invalid,
    (SELECT array_agg(id ORDER BY id) FROM migrate.applied) AS applied`;

/** Sessions that build an index and wait for somebody. */
export const BUILDS = `SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE % CONCURRENTLY %'
  AND wait_event_type = 'Lock' AND datname = current_database()`;

/** What a run without a fault leaves. */
interface Whole {
  readonly catalogue: Catalogue;
  readonly contents: readonly object[];
  /** Queries of its first session, in order. */
  readonly queries: readonly string[];
}

/** A server, runners as processes, and databases that have rows and migrations waiting for them. */
export class World {
  private whole: Whole = { catalogue: { form: 1, objects: [] }, contents: [], queries: [] };

  private constructor(
    readonly databases: TestDatabases,
    private readonly program: string,
    /** The migrations. */
    readonly set: MigrationSet,
  ) {}

  /** @param more - migrations beside or instead of the usual ones */
  static async start(more: Readonly<Record<string, string>> = {}): Promise<World> {
    const databases = await TestDatabases.start();
    const { root } = databases.server;
    const folder = path.join(root, 'migrations');
    writeFiles(folder, more);
    const world = new World(databases, bundleRunner(root), await readMigrations(folder));
    const template = new TestDatabase(databases.server, ACCESS.databaseName);
    await world.done(template, { request: { action: 'up', to: 1 } });
    const owner = await template.migrator();
    await owner.query(
      `INSERT INTO people (id, name) SELECT id, 'person ' || id FROM generate_series(1, ${ROWS}) AS id`,
    );
    await owner.query('ANALYZE people');
    await template.close();

    const untroubled = await world.database();
    const runner = world.run(untroubled);
    expect(await runner.report()).toMatchObject({ outcome: 'done', problems: [] });
    const client = await untroubled.migrator();
    world.whole = {
      catalogue: await takeSnapshot(client),
      contents: (await client.query<object>(CHECKSUM)).rows,
      queries: await runner.queries(),
    };
    expect(world.whole.contents).toMatchObject([
      {
        people: ROWS,
        filled: ROWS,
        cities: 1,
        invalid: 0,
        applied: world.set.migrations.map(({ id }) => id),
      },
    ]);
    return world;
  }

  /** Queries of the first session of a run without a fault, in order. */
  get queries(): readonly string[] {
    return this.whole.queries;
  }

  /** A database with rows, in which every migration but the first is pending. */
  database(): Promise<TestDatabase> {
    return this.databases.fresh();
  }

  /** Starts a runner that applies everything, unless told otherwise. */
  run(database: TestDatabase, task: Partial<Task> & { readonly port?: number } = {}): RunnerProcess {
    const { server } = this.databases;
    const { port = server.port, ...rest } = task;
    return RunnerProcess.start(this.program, {
      connection: {
        host: '127.0.0.1',
        port,
        database: database.name,
        user: ACCESS.migratorUser,
        ssl: { ca: fs.readFileSync(server.caFile, 'utf8') },
      },
      set: this.set,
      request: { action: 'up' },
      runner: { release: '2', commit: 'c0ffee', actor: 'test' },
      ...rest,
    });
  }

  /** A run that has to end well. */
  async done(database: TestDatabase, task: Partial<Task> = {}): Promise<RunReport> {
    const report = await this.run(database, task).report();
    expect(report).toMatchObject({ outcome: 'done', problems: [] });
    return report as RunReport;
  }

  async ask(database: TestDatabase, action: 'status' | 'lock' | 'drift'): Promise<Report> {
    return this.run(database, { request: { action } }).report();
  }

  /** What `status` says of each migration, by its title. */
  async words(database: TestDatabase): Promise<Readonly<Record<string, string>>> {
    const report = (await this.ask(database, 'status')) as StatusReport;
    return Object.fromEntries(report.migrations.map(({ title, words }) => [title, words]));
  }

  /** Runs again and holds the result to what a run without a fault leaves: catalogue, history and every row. */
  async finishes(database: TestDatabase, task: Partial<Task> = {}): Promise<RunReport> {
    const report = await this.done(database, task);
    await this.isWhole(database);
    return report;
  }

  /** Nothing is lost, nothing is done twice, and the catalogue is that of a run without a fault. */
  async isWhole(database: TestDatabase): Promise<void> {
    const client = await database.migrator();
    const found = await takeSnapshot(client);
    expect(differences(this.whole.catalogue, found)).toEqual([]);
    expect(catalogueHash(found)).toBe(catalogueHash(this.whole.catalogue));
    expect((await client.query(CHECKSUM)).rows).toEqual(this.whole.contents);
  }

  /** Waits until a query of the superuser answers true. */
  async until(database: TestDatabase, condition: string): Promise<void> {
    const observer = await database.superuser();
    for (;;) {
      const { rows } = await observer.query<{ there: boolean }>(`SELECT (${condition}) AS there`);
      if (rows[0]?.there === true) return;
      await CLOCK.sleep(10);
    }
  }

  /** Applies the first two, and has a build of 0003 wait for a transaction of the application. */
  async building(
    database: TestDatabase,
    task: Parameters<World['run']>[1] = {},
  ): Promise<{ readonly runner: RunnerProcess; readonly writer: Client }> {
    await this.done(database, { request: { action: 'up', to: 2 } });
    const writer = await database.api();
    await writer.query('BEGIN; LOCK TABLE people IN ROW EXCLUSIVE MODE');
    const runner = this.run(database, task);
    await this.until(database, `EXISTS (${BUILDS})`);
    return { runner, writer };
  }

  /** Ends the server's processes as `pg_ctl restart` does, and starts it anew. */
  async restart(mode: 'fast' | 'immediate'): Promise<void> {
    const { server } = this.databases;
    const { data } = placeOf(server.dir);
    const old = runningServer(data);
    process.kill(old?.pid ?? 0, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    while (runningServer(data)?.pid === old?.pid) await CLOCK.sleep(10);
    await server.start();
  }

  async remove(): Promise<void> {
    await this.databases.remove();
  }
}

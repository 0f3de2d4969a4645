import * as fs from 'node:fs';
import * as path from 'node:path';
import { readMigrations } from '../../../../../lib/migrations/files';
import { differences, takeSnapshot, type Catalogue } from '../../../../../lib/migrations/catalogue';
import type { MigrationSet } from '../../../../../lib/migrations/model';
import type { Report, RunReport, StatusReport } from '../../../../../lib/migrations/report';
import { TestDatabase, TestDatabases } from '../../../support/databases';
import { ACCESS } from '../../../support/server';
import { ROWS, writeFiles } from './files';
import { bundleRunner, RunnerProcess } from './runner-process';
import type { Task } from './task';

/** A server, runners as processes, and databases that have rows and migrations waiting for them. */
export class World {
  private constructor(
    readonly databases: TestDatabases,
    private readonly program: string,
    /** The migrations. */
    readonly set: MigrationSet,
    private readonly whole: Catalogue,
    /** How many queries a run without a fault sends. */
    readonly queries: readonly string[],
  ) {}

  static async start(): Promise<World> {
    const databases = await TestDatabases.start();
    const { root } = databases.server;
    const program = bundleRunner(root);
    const folder = path.join(root, 'migrations');
    writeFiles(folder);
    const set = await readMigrations(folder);
    const world = new World(databases, program, set, { objects: [] } as unknown as Catalogue, []);
    const template = new TestDatabase(databases.server, ACCESS.databaseName);
    await world.done(template, { request: { action: 'up', to: 1 } });
    const owner = await template.migrator();
    await owner.query(
      `INSERT INTO people (id, name) SELECT id, 'person ' || id FROM generate_series(1, ${ROWS}) AS id`,
    );
    await owner.query('ANALYZE people');
    await template.close();

    const untroubled = await databases.fresh();
    const runner = world.run(untroubled);
    const { outcome, problems } = await runner.report();
    if (outcome !== 'done') throw new Error(JSON.stringify(problems));
    const whole = await takeSnapshot(await untroubled.migrator());
    return new World(databases, program, set, whole, await runner.queries());
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
    expect(differences(this.whole, await takeSnapshot(client))).toEqual([]);
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM people) AS people,
         (SELECT count(*)::int FROM people WHERE touched = 1 AND city = 'Springfield') AS filled,
         (SELECT count(*)::int FROM cities) AS cities,
         (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS invalid,
         (SELECT array_agg(id ORDER BY id) FROM migrate.applied) AS applied`,
    );
    expect(rows).toEqual([
      {
        people: ROWS,
        filled: ROWS,
        cities: 1,
        invalid: 0,
        applied: this.set.migrations.map(({ id }) => id),
      },
    ]);
  }

  async remove(): Promise<void> {
    await this.databases.remove();
  }
}

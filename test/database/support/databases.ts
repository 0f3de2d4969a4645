import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { SUPERUSER } from '../../../lib/local/postgres/cluster';
import { placeOf } from '../../../lib/local/postgres/place';
import type { Clock } from '../../../lib/migrations/ports';
import { ACCESS, TestServer } from './server';

/** Time as it passes. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => sleep(milliseconds),
  random: () => Math.random(),
};

/** A database of one test, copied from the prepared one of its server. */
export class TestDatabase {
  private readonly clients: Client[] = [];

  constructor(
    private readonly server: TestServer,
    readonly name: string,
  ) {}

  /** A session that ends with the test. */
  async as(user: string, application = 'test'): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: this.server.port,
      database: this.name,
      user,
      ...(user === SUPERUSER && {
        password: fs.readFileSync(placeOf(this.server.dir).passwordFile, 'utf8'),
      }),
      application_name: application,
      ssl: { ca: fs.readFileSync(this.server.caFile, 'utf8') },
    });
    client.on('error', () => undefined);
    await client.connect();
    this.clients.push(client);
    return client;
  }

  migrator(application = 'telehealth-migrations'): Promise<Client> {
    return this.as(ACCESS.migratorUser, application);
  }

  api(application = 'telehealth-api/1'): Promise<Client> {
    return this.as(ACCESS.apiUser, application);
  }

  superuser(): Promise<Client> {
    return this.as(SUPERUSER);
  }

  async close(): Promise<void> {
    for (const client of this.clients.splice(0)) await client.end().catch(() => undefined);
  }
}

/** Databases of the tests of one file, on a server of its own. */
export class TestDatabases {
  private readonly open: TestDatabase[] = [];
  private count = 0;

  private constructor(readonly server: TestServer) {}

  static async start(): Promise<TestDatabases> {
    const server = await TestServer.make();
    await server.start();
    return new TestDatabases(server);
  }

  /** An empty, prepared database. */
  async fresh(): Promise<TestDatabase> {
    const name = `test_${(this.count += 1)}`;
    const postgres = new TestDatabase(this.server, 'postgres');
    const admin = await postgres.superuser();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${escapeIdentifier(ACCESS.databaseName)}`);
    await admin.query(`GRANT CREATE, TEMPORARY ON DATABASE ${name} TO ${ACCESS.migratorUser}`);
    await postgres.close();
    const database = new TestDatabase(this.server, name);
    this.open.push(database);
    return database;
  }

  /** The newest. */
  get last(): TestDatabase {
    return this.open.at(-1)!;
  }

  /** Ends what the last test opened. */
  async close(): Promise<void> {
    for (const database of this.open.splice(0)) await database.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await this.server.remove();
  }
}

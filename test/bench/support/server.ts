import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { ensureAuthority, type Authority } from '../../../lib/local/authority';
import { anyFreePort } from '../../../lib/local/ports';
import { removePostgres, startPostgres, stopPostgres } from '../../../lib/local/postgres';
import { SUPERUSER } from '../../../lib/local/postgres/cluster';
import { placeOf } from '../../../lib/local/postgres/place';

const ACCESS = {
  masterUser: 'telehealth_admin',
  apiUser: 'telehealth_api',
  migratorUser: 'telehealth_migrator',
  databaseName: 'telehealth',
} as const;

/** Who signs in: the API, the runner of migrations, or the superuser who prepares databases. */
export type Role = 'api' | 'migrator' | 'superuser';

/** In memory where the machine has such a folder, so that no disk is measured. */
const FOLDER = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

/** Room for the whole table and its log, so that a checkpoint in the middle does not pass for a migration. */
const SETTINGS = { shared_buffers: '512MB', max_wal_size: '6GB', checkpoint_timeout: '30min' } as const;

/** A PostgreSQL of one bench, in a folder and on a port of its own. */
export class BenchServer {
  private constructor(
    private readonly root: string,
    private readonly authority: Authority,
    private readonly port: number,
  ) {}

  static async start(): Promise<BenchServer> {
    const root = fs.mkdtempSync(path.join(FOLDER, 'bench-postgres-'));
    fs.chmodSync(root, 0o755);
    const server = new BenchServer(root, await ensureAuthority(path.join(root, 'ca')), await anyFreePort());
    try {
      await server.launch();
      await server.as('superuser', 'postgres', async (client) => {
        for (const [name, value] of Object.entries(SETTINGS))
          await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
      });
      await stopPostgres(server);
      await server.launch();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** Folder of its data. */
  get dir(): string {
    return path.join(this.root, 'postgres');
  }

  /** Folder for files of the bench; removed with the server. */
  folder(name: string): string {
    const folder = path.join(this.root, 'files', name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** How to sign in; plain data, for a process of its own. */
  access(role: Role, database: string, application = 'bench'): ClientConfig {
    return {
      host: '127.0.0.1',
      port: this.port,
      database,
      user: role === 'superuser' ? SUPERUSER : ACCESS[`${role}User`],
      ...(role === 'superuser' ? { password: fs.readFileSync(placeOf(this.dir).passwordFile, 'utf8') } : {}),
      ssl: { ca: fs.readFileSync(this.authority.caFile, 'utf8') },
      application_name: application,
    };
  }

  /** Runs something with a session that is ended afterwards. */
  async as<T>(role: Role, database: string, run: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client(this.access(role, database));
    // A session that is ended from the other side fails the query that runs, not the process.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await run(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Makes a database, empty or as another one is, and lets the roles in as a prepared one does. */
  async create(database: string, template = 'template0'): Promise<void> {
    await this.as('superuser', 'postgres', async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY FILE_COPY`);
      await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${ACCESS.apiUser}`);
      await client.query(
        `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${database} TO ${ACCESS.migratorUser}`,
      );
    });
    if (template === 'template0')
      await this.as('superuser', database, async (client) => {
        await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${ACCESS.migratorUser}`);
        await client.query(`GRANT USAGE ON SCHEMA public TO ${ACCESS.apiUser}`);
      });
  }

  async drop(database: string): Promise<void> {
    await this.as('superuser', 'postgres', (client) =>
      client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`),
    );
  }

  async remove(): Promise<void> {
    await removePostgres(this);
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  private async launch(): Promise<void> {
    await startPostgres({ dir: this.dir, port: this.port, authority: this.authority, ...ACCESS });
  }
}

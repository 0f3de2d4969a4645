import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { ensureAuthority, type Authority } from '../../../lib/local/authority';
import { anyFreePort } from '../../../lib/local/ports';
import { removePostgres, startPostgres, type RunningPostgres } from '../../../lib/local/postgres';

/** Who signs in, as the tests name them. */
export const ACCESS = {
  masterUser: 'telehealth_admin',
  masterPassword: "it's a \\secret",
  apiUser: 'telehealth_api',
  migratorUser: 'telehealth_migrator',
  databaseName: 'telehealth',
} as const;

/** A PostgreSQL of one test file, in a folder and on a port of its own. */
export class TestServer {
  private constructor(
    /** Folder that is removed at the end. */
    readonly root: string,
    /** Who vouches for it. */
    readonly authority: Authority,
    /** Its port, also while it is stopped. */
    readonly port: number,
  ) {}

  static async make(): Promise<TestServer> {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'postgres-'));
    fs.chmodSync(root, 0o755);
    return new TestServer(root, await ensureAuthority(path.join(root, 'ca')), await anyFreePort());
  }

  get dir(): string {
    return path.join(this.root, 'postgres');
  }

  get caFile(): string {
    return this.authority.caFile;
  }

  start(): Promise<RunningPostgres> {
    return startPostgres({ dir: this.dir, port: this.port, authority: this.authority, ...ACCESS });
  }

  /** Runs one statement as a role, over verified TLS unless told otherwise. */
  async query(user: string, sql: string, config: ClientConfig = {}): Promise<Record<string, unknown>[]> {
    const client = new Client({
      host: '127.0.0.1',
      port: this.port,
      database: ACCESS.databaseName,
      user,
      ssl: { ca: fs.readFileSync(this.caFile, 'utf8') },
      ...config,
    });
    try {
      await client.connect();
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async remove(): Promise<void> {
    await removePostgres({ dir: this.dir });
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

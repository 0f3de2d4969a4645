import * as fs from 'node:fs';
import * as net from 'node:net';
import type { Client } from 'pg';
import { connector, rdsAuthorities } from '../../../lib/migrations/connection';
import { prepareDatabase } from '../../../lib/migrations/preparation';
import { ACCESS, TestServer } from '../support/server';

jest.setTimeout(60_000);

const ROLES = { database: 'fresh', apiUser: 'fresh api', migratorUser: 'fresh_migrator' };
let server: TestServer;

const connect = (user: string, database = ROLES.database): Promise<Client> =>
  connector({
    host: 'localhost',
    port: server.port,
    database,
    user,
    password: user === ACCESS.masterUser ? ACCESS.masterPassword : 'a token',
    authorities: [fs.readFileSync(server.caFile, 'utf8')],
  })('test');

async function as<T>(user: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(user);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  server = await TestServer.make();
  await server.start();
});

beforeEach(async () => {
  const master = await connect(ACCESS.masterUser, 'postgres');
  await master.query('DROP DATABASE IF EXISTS fresh WITH (FORCE)');
  for (const role of ['"fresh api"', 'fresh_migrator']) await master.query(`DROP ROLE IF EXISTS ${role}`);
  await master.query('CREATE DATABASE fresh');
  await master.end();
});

afterAll(() => server.remove());

test('the master, who is no superuser, makes both roles; both sign in without a password of their own', async () => {
  await as(ACCESS.masterUser, async (master) => {
    await expect(prepareDatabase(master, ROLES)).resolves.toEqual({
      created: [ROLES.apiUser, ROLES.migratorUser],
      iam: true,
      rewriteGuard: false,
    });
  });
  for (const user of [ROLES.apiUser, ROLES.migratorUser])
    await as(user, async (client) => {
      const { rows } = await client.query<{ who: string }>('SELECT current_user AS who');
      expect(rows).toEqual([{ who: user }]);
    });
});

test('a second time it keeps what is there and mends what was taken away', async () => {
  await as(ACCESS.masterUser, async (master) => {
    await prepareDatabase(master, ROLES);
    await master.query('REVOKE rds_iam FROM fresh_migrator');
    await master.query('ALTER ROLE "fresh api" NOLOGIN');
    await master.query('GRANT ALL ON SCHEMA public TO PUBLIC');
    await expect(prepareDatabase(master, ROLES)).resolves.toEqual({
      created: [],
      iam: true,
      rewriteGuard: false,
    });
  });
  await as(ROLES.migratorUser, (client) => client.query('CREATE TABLE kept (id integer)'));
  await as(ROLES.apiUser, async (client) => {
    await expect(client.query('CREATE TABLE mine (id integer)')).rejects.toThrow(/permission denied/);
  });
});

test('the migration role makes schemas and tables; the API reads none of them unless it is told so', async () => {
  await as(ACCESS.masterUser, (master) => prepareDatabase(master, ROLES));
  await as(ROLES.migratorUser, async (client) => {
    await client.query('CREATE SCHEMA migrate');
    await client.query('CREATE TABLE patients (id integer)');
  });
  await as(ROLES.apiUser, async (client) => {
    await expect(client.query('SELECT * FROM patients')).rejects.toThrow(/permission denied/);
    await expect(client.query('CREATE TEMP TABLE t (id integer)')).rejects.toThrow(/permission denied/);
    await expect(client.query('CREATE SCHEMA other')).rejects.toThrow(/permission denied/);
  });
});

test('a role that may pass by row-level security is refused, and nothing has changed', async () => {
  const superuser = fs.readFileSync(`${server.dir}/superuser.password`, 'utf8');
  await server.query('rdsadmin', 'CREATE ROLE fresh_migrator LOGIN BYPASSRLS', { password: superuser });
  await as(ACCESS.masterUser, async (master) => {
    await expect(prepareDatabase(master, ROLES)).rejects.toThrow(/fresh_migrator has BYPASSRLS/);
    const { rowCount } = await master.query("SELECT FROM pg_roles WHERE rolname = 'fresh api'");
    expect(rowCount).toBe(0);
  });
  await server.query('rdsadmin', 'DROP ROLE fresh_migrator', { password: superuser });
});

test('preparations at the same time do not disturb each other', async () => {
  const prepare = () => as(ACCESS.masterUser, (master) => prepareDatabase(master, ROLES));
  const made = await Promise.all([prepare(), prepare(), prepare()]);
  expect(made.flatMap(({ created }) => created).sort()).toEqual([ROLES.apiUser, ROLES.migratorUser]);
});

test('a connection that the server cuts fails its queries and leaves the process alone', async () => {
  await as(ACCESS.masterUser, async (master) => {
    await prepareDatabase(master, ROLES);
    const cut = await connect(ACCESS.masterUser);
    const { rows } = await cut.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await master.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    await expect(cut.query('SELECT 1')).rejects.toThrow();
    await cut.end().catch(() => undefined);
  });
});

test('sessions tell their name, and the server asks whether a silent runner is still there', async () => {
  await as(ACCESS.masterUser, async (master) => {
    const { rows } = await master.query(
      `SELECT current_setting('application_name') AS name, current_setting('tcp_keepalives_idle') AS idle,
              current_setting('tcp_user_timeout') AS timeout, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls`,
    );
    expect(rows).toEqual([{ name: 'test', idle: '10', timeout: '25000', tls: true }]);
  });
});

test('a server that another authority vouches for, or under another name, is not believed', async () => {
  const options = {
    port: server.port,
    database: 'postgres',
    user: ACCESS.masterUser,
    password: ACCESS.masterPassword,
  };
  const foreign = connector({ ...options, host: 'localhost', authorities: rdsAuthorities('us-east-1') });
  await expect(foreign('test')).rejects.toThrow(/certificate/);

  const relay = net.createServer((socket) => {
    const upstream = net.connect(server.port, '127.0.0.1');
    for (const end of [socket, upstream]) end.on('error', () => undefined);
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.2', resolve));
  const { port } = relay.address() as net.AddressInfo;
  const renamed = connector({
    ...options,
    host: '127.0.0.2',
    port,
    authorities: [fs.readFileSync(server.caFile, 'utf8')],
  });
  await expect(renamed('test')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  relay.close();
});

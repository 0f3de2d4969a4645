import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { ensureAuthority } from '../../lib/local/authority';
import { anyFreePort } from '../../lib/local/ports';
import { postgresStatus, setMasterPassword, startPostgres, stopPostgres } from '../../lib/local/postgres';
import { serverAccount } from '../../lib/local/postgres/account';
import { findBinaries, hydrate } from '../../lib/local/postgres/binaries';
import { settle } from '../../lib/local/postgres/place';
import { ACCESS, TestServer } from './support/server';

jest.setTimeout(90_000);

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.make();
  await server.start();
});

afterAll(() => server.remove());

const place = () => ({ dir: server.dir, port: server.port, authority: server.authority });
const MASTER = { password: ACCESS.masterPassword };
const data = () => path.join(server.dir, 'data');
const pid = (): number => {
  const status = postgresStatus(server);
  if (status.state !== 'running') throw new Error(`The server is ${status.state}.`);
  return status.pid;
};

describe('who may sign in, and do what', () => {
  test('the roles of the API and of migrations do over verified TLS, without a password', async () => {
    for (const user of [ACCESS.apiUser, ACCESS.migratorUser])
      await expect(server.query(user, 'SELECT current_user AS who')).resolves.toEqual([{ who: user }]);
  });

  test('the connection is TLS 1.2 or later, and the server listens on the loopback address only', async () => {
    const [row] = await server.query(
      ACCESS.migratorUser,
      `SELECT ssl, version AS tls, current_setting('listen_addresses') AS addresses
       FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
    );
    expect(row).toEqual({
      ssl: true,
      tls: expect.stringMatching(/^TLSv1\.[23]$/) as string,
      addresses: '127.0.0.1',
    });
  });

  test('without TLS nobody does', async () => {
    await expect(server.query(ACCESS.apiUser, 'SELECT 1', { ssl: false })).rejects.toThrow(/no encryption/);
    await expect(server.query(ACCESS.masterUser, 'SELECT 1', { ssl: false, ...MASTER })).rejects.toThrow(
      /no encryption/,
    );
  });

  test('a server that another authority vouches for is not believed', async () => {
    const other = await ensureAuthority(path.join(server.root, 'other-ca'));
    await expect(
      server.query(ACCESS.apiUser, 'SELECT 1', { ssl: { ca: fs.readFileSync(other.caFile, 'utf8') } }),
    ).rejects.toThrow(/certificate/);
  });

  test('the master user needs its password, and is no superuser', async () => {
    await expect(server.query(ACCESS.masterUser, 'SELECT 1', { password: 'wrong' })).rejects.toThrow(
      /password/,
    );
    const [row] = await server.query(
      ACCESS.masterUser,
      'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user',
      MASTER,
    );
    expect(row).toEqual({ rolsuper: false, rolcreaterole: true, rolcreatedb: true });
  });

  test('its password may be given by many at once, as stacks do that are deployed at the same time', async () => {
    const give = () => setMasterPassword({ ...place(), masterUser: ACCESS.masterUser }, 'another');
    await Promise.all(Array.from({ length: 12 }, give));
    await expect(
      server.query(ACCESS.masterUser, 'SELECT 1 AS one', { password: 'another' }),
    ).resolves.toEqual([{ one: 1 }]);
    await setMasterPassword({ ...place(), masterUser: ACCESS.masterUser }, ACCESS.masterPassword);
  });

  test('the superuser is not let in without its password', async () => {
    await expect(server.query('rdsadmin', 'SELECT 1', { password: '' })).rejects.toThrow(/password/);
    expect(fs.statSync(path.join(server.dir, 'superuser.password')).mode & 0o777).toBe(0o600);
  });

  test('migrations may make a table; the API reads nothing of it that it was not given, and owns nothing', async () => {
    const { apiUser, migratorUser } = ACCESS;
    await server.query(migratorUser, 'CREATE TABLE visit (id int)');
    await expect(server.query(apiUser, 'SELECT * FROM visit')).rejects.toThrow(/permission denied/);
    await expect(server.query(apiUser, 'CREATE TABLE mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(server.query(apiUser, 'CREATE SCHEMA mine')).rejects.toThrow(/permission denied/);
    await expect(server.query(apiUser, 'CREATE TEMPORARY TABLE mine (id int)')).rejects.toThrow(
      /permission denied/,
    );
    await server.query(migratorUser, `GRANT SELECT ON visit TO ${apiUser}`);
    await expect(server.query(apiUser, 'SELECT * FROM visit')).resolves.toEqual([]);
    await expect(
      server.query(migratorUser, `SELECT relname FROM pg_class WHERE relowner = '${apiUser}'::regrole`),
    ).resolves.toEqual([]);
  });

  test('a role that a migration gives rds_iam signs in without a password, as on RDS; another does not', async () => {
    await server.query(ACCESS.masterUser, 'CREATE ROLE reporting LOGIN', MASTER);
    await expect(server.query('reporting', 'SELECT 1')).rejects.toThrow(/password/);
    await server.query(
      ACCESS.masterUser,
      `GRANT rds_iam TO reporting; GRANT CONNECT ON DATABASE ${ACCESS.databaseName} TO reporting`,
      MASTER,
    );
    await expect(server.query('reporting', 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });
});

describe('start and stop', () => {
  test('a second start keeps the server and its data, and takes a new password', async () => {
    const before = pid();
    await startPostgres({
      ...ACCESS,
      dir: server.dir,
      port: server.port,
      authority: server.authority,
      masterPassword: 'new',
    });
    expect(pid()).toBe(before);
    await expect(server.query(ACCESS.masterUser, 'SELECT 1', MASTER)).rejects.toThrow(/password/);
    await server.start();
    await expect(server.query(ACCESS.masterUser, 'SELECT 1 AS one', MASTER)).resolves.toEqual([{ one: 1 }]);
  });

  test('data outlives a stop', async () => {
    await server.query(ACCESS.migratorUser, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stopPostgres(server);
    expect(postgresStatus(server)).toEqual({ state: 'stopped' });
    await stopPostgres(server);
    await server.start();
    await expect(server.query(ACCESS.migratorUser, 'SELECT answer FROM kept')).resolves.toEqual([
      { answer: 42 },
    ]);
  });

  test('another port moves the server', async () => {
    const port = await anyFreePort();
    await startPostgres({ ...ACCESS, dir: server.dir, port, authority: server.authority });
    expect(postgresStatus(server)).toMatchObject({ state: 'running', port });
    await server.start();
    expect(postgresStatus(server)).toMatchObject({ state: 'running', port: server.port });
  });

  test('a server outlives the process that started it', async () => {
    await stopPostgres(server);
    const program = `
      const { ensureAuthority } = require('./lib/local/authority');
      const { startPostgres } = require('./lib/local/postgres');
      void ensureAuthority(${JSON.stringify(path.dirname(server.caFile))}).then((authority) =>
        startPostgres({ ...${JSON.stringify({ ...ACCESS, dir: server.dir, port: server.port })}, authority }));`;
    const { status, stderr } = spawnSync('node', ['--require', 'tsx/cjs', '--eval', program], {
      cwd: path.resolve(__dirname, '../..'),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error') as string]);
    await expect(server.query(ACCESS.apiUser, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });
});

describe('what the next start mends', () => {
  test('a killed server', async () => {
    await server.query(ACCESS.migratorUser, 'CREATE TABLE committed AS SELECT 7 AS answer');
    const killed = pid();
    process.kill(killed, 'SIGKILL');
    await server.start();
    expect(pid()).not.toBe(killed);
    await expect(server.query(ACCESS.migratorUser, 'SELECT answer FROM committed')).resolves.toEqual([
      { answer: 7 },
    ]);
  });

  test('a stale pid file whose number another program has now, which is left alone', async () => {
    const file = path.join(data(), 'postmaster.pid');
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    await stopPostgres(server);
    const stranger = spawn('sleep', ['60']);
    try {
      fs.writeFileSync(file, [String(stranger.pid), ...lines.slice(1)].join('\n'));
      expect(postgresStatus(server)).toEqual({ state: 'stopped' });
      await server.start();
      await stopPostgres(server);
      expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    } finally {
      stranger.kill();
      await server.start();
    }
  });

  test('an initdb that was killed half-way', async () => {
    const half = await TestServer.make();
    try {
      fs.mkdirSync(path.join(half.dir, 'data.half', 'base'), { recursive: true });
      fs.writeFileSync(path.join(half.dir, 'data.half', 'PG_VERSION'), '17\n');
      await half.start();
      await expect(half.query(ACCESS.apiUser, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    } finally {
      await half.remove();
    }
  });

  test('links that an installation with --ignore-scripts did not make', () => {
    const { native } = findBinaries(undefined);
    if (native === undefined) throw new Error('The pinned binary is not installed.');
    const links = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
      target: string;
    }[];
    const copy = path.join(server.root, 'package');
    fs.cpSync(path.join(native, 'bin'), path.join(copy, 'native/bin'), { recursive: true });
    fs.mkdirSync(path.join(copy, 'native/lib'));
    fs.writeFileSync(path.join(copy, 'native/pg-symlinks.json'), JSON.stringify(links));
    hydrate(path.join(copy, 'native'));
    for (const { target } of links) expect(fs.lstatSync(path.join(copy, target)).isSymbolicLink()).toBe(true);
  });
});

describe('what it cannot mend, it says in one sentence', () => {
  test('a port that another program has', async () => {
    const stranger = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const { port } = stranger.address() as net.AddressInfo;
    await stopPostgres(server);
    await expect(
      startPostgres({ ...ACCESS, dir: server.dir, port, authority: server.authority }),
    ).rejects.toThrow(`Port ${port} is in use by another program.`);
    await new Promise((resolve) => stranger.close(resolve));
    await server.start();
  });

  test('data of another version', async () => {
    const version = path.join(data(), 'PG_VERSION');
    await stopPostgres(server);
    fs.writeFileSync(version, '16\n');
    await expect(server.start()).rejects.toThrow(
      /was made by PostgreSQL 16 and this is PostgreSQL 17\. Remove/,
    );
    fs.writeFileSync(version, '17\n');
    await server.start();
  });

  test('settings that PostgreSQL refuses are told with its own words and the log', async () => {
    await stopPostgres(server);
    fs.writeFileSync(path.join(data(), 'postgresql.auto.conf'), "work_mem = 'plenty'\n");
    await expect(server.start()).rejects.toThrow(/PostgreSQL did not start: .*postgres\.log/s);
    fs.writeFileSync(path.join(data(), 'postgresql.auto.conf'), '');
    await server.start();
  });

  test("a master user of the superuser's name", async () => {
    await expect(
      startPostgres({
        masterUser: 'rdsadmin',
        databaseName: ACCESS.databaseName,
        dir: server.dir,
        port: server.port,
        authority: server.authority,
      }),
    ).rejects.toThrow(/a name of its own/);
  });

  test('two roles of one name', async () => {
    await expect(
      startPostgres({
        ...ACCESS,
        apiUser: ACCESS.migratorUser,
        dir: server.dir,
        port: server.port,
        authority: server.authority,
      }),
    ).rejects.toThrow(/roles of their own/);
  });

  test('a folder of binaries without PostgreSQL', () => {
    expect(() => findBinaries(server.root)).toThrow(/does not run on this machine/);
  });
});

// Only root's server runs as another account.
(process.getuid?.() === 0 ? describe : describe.skip)('below a folder that only root can enter', () => {
  let hidden: TestServer;

  beforeEach(async () => {
    hidden = await TestServer.make();
    fs.chmodSync(hidden.root, 0o700);
  });

  afterEach(() => hidden.remove());

  test('the data stands elsewhere, and goes with the rest', async () => {
    await hidden.start();
    const home = fs.readFileSync(path.join(hidden.dir, 'moved-to'), 'utf8');
    expect(home).toMatch(/^\/var\/tmp\/telehealth-postgres-[0-9a-f]{16}$/);
    await expect(hidden.query(ACCESS.apiUser, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    await hidden.remove();
    expect(fs.existsSync(home)).toBe(false);
  });

  test('so do the programs', () => {
    const { native, major } = findBinaries(undefined);
    if (native === undefined) throw new Error('The pinned binary is not installed.');
    const copy = path.join(hidden.root, 'native');
    fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    const account = serverAccount();
    const { bin } = settle(hidden.dir, { bin: path.join(copy, 'bin'), native: copy, major }, account);
    const run = spawnSync(path.join(bin, 'postgres'), ['--version'], {
      ...account,
      cwd: '/',
      encoding: 'utf8',
    });
    expect([run.status, run.stdout]).toEqual([0, expect.stringContaining(`PostgreSQL) ${major}.`) as string]);
  });
});

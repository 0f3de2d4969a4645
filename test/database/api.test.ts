import * as http from 'node:http';
import * as path from 'node:path';
import { buildApi } from '../../app/build';
import { ensureAuthority } from '../../lib/local/authority';
import { anyFreePort } from '../../lib/local/ports';
import { postgresStatus, stopPostgres } from '../../lib/local/postgres';
import { accessClaims, CLIENT, KeyServer, POOL, SigningKey } from '../api/support/user-pool';
import { ApiProcess } from './support/api-process';
import { TestDatabase } from './support/databases';
import { migrate } from './support/schema';
import { ACCESS, TestServer } from './support/server';

jest.setTimeout(60_000);

const READY = {
  status: 'ready',
  checks: { database: 'up', schema: 'known' },
  schemaVersion: expect.any(Number) as number,
};
const DOWN = { status: 'unavailable', checks: { database: 'down' } };

const key = new SigningKey('known');
const bearer = { authorization: `Bearer ${key.sign(accessClaims())}` };
let server: TestServer;
let keys: KeyServer;
let main: string;
let running: ApiProcess[] = [];

beforeAll(async () => {
  server = await TestServer.make();
  await server.start();
  const database = new TestDatabase(server, ACCESS.databaseName);
  await migrate(database);
  await database.close();
  keys = await KeyServer.start(server.authority, [key]);
  buildApi(path.join(server.root, 'api'));
  main = path.join(server.root, 'api', 'main.js');
});

afterEach(async () => {
  for (const api of running) await api.kill();
  running = [];
});

afterAll(async () => {
  await keys.stop();
  await server.remove();
});

async function start(changes: Record<string, string> = {}): Promise<ApiProcess> {
  const api = await ApiProcess.start(main, await anyFreePort(), {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
    AWS_ENDPOINT_URL: keys.url,
    NODE_EXTRA_CA_CERTS: server.caFile,
    USER_POOL_ID: POOL,
    USER_POOL_CLIENT_IDS: CLIENT,
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: String(server.port),
    DATABASE_NAME: ACCESS.databaseName,
    DATABASE_USER: ACCESS.apiUser,
    DATABASE_DEADLINE_SECONDS: '1',
    DRAIN_NOTICE_SECONDS: '0.3',
    DRAIN_SECONDS: '5',
    VERSION: '1.2.3',
    ...changes,
  });
  running.push(api);
  return api;
}

const pid = (): number => {
  const status = postgresStatus(server);
  if (status.state !== 'running') throw new Error(`The server is ${status.state}.`);
  return status.pid;
};

describe('the database', () => {
  test.each(['127.0.0.1', 'localhost'])('is reached as %s over TLS, under the API’s name', async (host) => {
    const api = await start({ DATABASE_HOST: host });
    expect(await api.get('/health/ready')).toMatchObject({ status: 200, body: READY });
    const sessions = await server.query(
      ACCESS.masterUser,
      `SELECT usename, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
       WHERE application_name = 'telehealth-api/1.2.3'`,
      { password: ACCESS.masterPassword },
    );
    expect(sessions).toEqual([{ usename: ACCESS.apiUser, ssl: true }]);
  });

  test('is not believed when an unknown authority vouches for it', async () => {
    const other = await ensureAuthority(path.join(server.root, 'other-ca'));
    const api = await start({ NODE_EXTRA_CA_CERTS: other.caFile });
    expect(await api.get('/health/ready')).toMatchObject({ status: 503, body: DOWN });
    await api.until(() => /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/.test(api.logs));
  });

  test('is not believed under a name that its certificate does not hold', async () => {
    const api = await start({ DATABASE_HOST: '127.0.0.2' });
    expect(await api.get('/health/ready')).toMatchObject({ status: 503, body: DOWN });
    const named = await start({ DATABASE_HOST: '0.0.0.0' });
    expect(await named.get('/health/ready')).toMatchObject({ status: 503, body: DOWN });
    await named.until(() => named.logs.includes('ERR_TLS_CERT_ALTNAME_INVALID'));
  });

  test('that goes down is named, and is used again when it is back', async () => {
    const api = await start();
    await api.becomes(200);
    await stopPostgres(server);
    expect(await api.get('/health/ready')).toMatchObject({ status: 503, body: DOWN });
    expect((await api.get('/health/live')).status).toBe(200);
    await server.start();
    expect(await api.becomes(200)).toMatchObject({ status: 200, body: READY });
  });

  test('that is killed takes only its connections with it', async () => {
    const api = await start();
    await api.becomes(200);
    process.kill(pid(), 'SIGKILL');
    await server.start();
    expect(await api.becomes(200)).toMatchObject({ status: 200, body: READY });
    await api.until(() => api.logs.includes('idle connection lost'));
  });

  test.each(['before', 'after'])(
    'that hangs %s the first connection is given up at the deadline',
    async (when) => {
      const api = await start();
      if (when === 'after') await api.becomes(200);
      const [session] = await server.query(
        ACCESS.masterUser,
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'telehealth-api/1.2.3'",
        { password: ACCESS.masterPassword },
      );
      const frozen = [pid(), ...(session ? [Number(session['pid'])] : [])];
      frozen.forEach((id) => process.kill(id, 'SIGSTOP'));
      try {
        // Many probes at once share one question and one connection.
        const answers = await Promise.all(Array.from({ length: 30 }, () => api.get('/health/ready')));
        for (const answer of answers) {
          expect(answer).toMatchObject({ status: 503, body: DOWN });
          expect(answer.milliseconds).toBeGreaterThan(900);
          expect(answer.milliseconds).toBeLessThan(2_500);
        }
        expect((await api.get('/health/live')).milliseconds).toBeLessThan(500);
      } finally {
        frozen.forEach((id) => process.kill(id, 'SIGCONT'));
      }
      expect(await api.becomes(200)).toMatchObject({ status: 200, body: READY });
    },
  );
});

describe('a person', () => {
  test('is known by the pool’s token, read from keys at the endpoint', async () => {
    const api = await start();
    expect(await api.get('/v1/me', bearer)).toMatchObject({
      status: 200,
      body: { role: 'DOCTOR', organisation: 'demo-clinic' },
    });
    expect(await api.get('/v1/me')).toMatchObject({ status: 401 });
    expect(await api.get('/v1/me', { authorization: `${bearer.authorization}x` })).toMatchObject({
      status: 401,
    });
    expect(api.logs).not.toContain(bearer.authorization.slice(7, 40));
  });
});

describe('on SIGTERM', () => {
  test('a request that runs is finished, new ones are taken until the notice is over, then it ends with 0', async () => {
    const api = await start({ DRAIN_NOTICE_SECONDS: '0.6' });
    await api.becomes(200);
    const agent = new http.Agent({ keepAlive: true });
    await api.get('/version', {}, agent);
    const before = keys.asked.length;
    keys.delay = 1_500;
    try {
      const slow = api.get('/v1/me', bearer);
      await api.until(() => keys.asked.length > before);
      const signalled = performance.now();
      api.signal('SIGTERM');
      await api.until(() => api.logs.includes('"msg":"draining"'));
      expect(await api.get('/health/ready')).toMatchObject({ status: 503, body: { status: 'draining' } });
      expect(await api.get('/version', {}, agent)).toMatchObject({
        status: 200,
        headers: { connection: 'close' },
      });
      const answer = await slow;
      expect(answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
      expect(performance.now() - signalled).toBeGreaterThan(600);
      await expect(api.get('/version')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
      expect(await api.ended()).toBe(0);
      expect(performance.now() - signalled).toBeLessThan(4_000);
    } finally {
      keys.delay = 0;
      agent.destroy();
    }
  });

  test('an idle connection does not hold it up', async () => {
    const api = await start();
    const agent = new http.Agent({ keepAlive: true });
    await api.get('/version', {}, agent);
    const signalled = performance.now();
    api.signal('SIGTERM');
    expect(await api.ended()).toBe(0);
    expect(performance.now() - signalled).toBeLessThan(2_500);
    agent.destroy();
  });

  test('a request that never ends is cut off at the end of the drain', async () => {
    const api = await start({ DRAIN_NOTICE_SECONDS: '0', DRAIN_SECONDS: '0.5' });
    const before = keys.asked.length;
    keys.delay = 2_400;
    try {
      const slow = expect(api.get('/v1/me', bearer)).rejects.toMatchObject({ code: 'ECONNRESET' });
      await api.until(() => keys.asked.length > before);
      api.signal('SIGTERM');
      expect(await api.ended()).toBe(1);
      await slow;
      await api.until(() => api.logs.includes('requests were still running at the end of the drain'));
    } finally {
      keys.delay = 0;
    }
  });
});

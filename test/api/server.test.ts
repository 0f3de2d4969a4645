import { createServer, type Server } from '../../app/src/server';
import type { Database } from '../../app/src/database';
import type { Identities } from '../../app/src/identity';
import { Problem } from '../../app/src/problem';

const PERSON = { subject: 'person-1', role: 'DOCTOR', organisation: 'demo-clinic' };

interface Fixture extends Server {
  readonly lines: string[];
  closed: number;
}

let fixtures: Fixture[] = [];

/** What the build knows, and what a database that suits it has. */
const KNOWN = [
  { id: 1, phase: 'expand' },
  { id: 2, phase: 'contract' },
];

interface Parts {
  readonly applied?: Database['appliedMigrations'];
  readonly actFor?: Database['actFor'];
  readonly identify?: Identities['identify'];
}

function server(parts: Parts = {}): Fixture {
  const lines: string[] = [];
  const fixture: Fixture = {
    lines,
    closed: 0,
    ...createServer({
      environment: { LOG_LEVEL: 'debug', VERSION: '1.2.3', COMMIT: 'abc1234' },
      knownMigrations: KNOWN,
      database: {
        appliedMigrations: parts.applied ?? (() => Promise.resolve(KNOWN)),
        actFor: parts.actFor ?? (() => Promise.reject(new Error('not asked for'))),
        close: () => {
          fixture.closed += 1;
          return Promise.resolve();
        },
      },
      identities: { identify: parts.identify ?? (() => Promise.resolve(PERSON)) },
      logStream: { write: (line) => lines.push(line) },
    }),
  };
  fixtures.push(fixture);
  return fixture;
}

afterEach(async () => {
  for (const { app } of fixtures) await app.close();
  fixtures = [];
});

test('live answers without asking the database', async () => {
  const applied = jest.fn(() => Promise.reject(new Error('down')));
  const answer = await server({ applied }).app.inject('/health/live');
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'live' }]);
  expect(applied).not.toHaveBeenCalled();
});

test('ready asks the database and says so', async () => {
  const answer = await server().app.inject('/health/ready');
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    { status: 'ready', checks: { database: 'up', schema: 'known' }, schemaVersion: 2 },
  ]);
});

test.each([
  ['has more', [...KNOWN, { id: 3, phase: 'expand' }], 200, 'known', 3],
  ['waits for a contraction', [{ id: 1, phase: 'expand' }], 200, 'known', 1],
  ['was never migrated', [], 503, 'behind', 0],
  ['lacks an expansion', [{ id: 2, phase: 'contract' }], 503, 'behind', 2],
  ['has an unknown contraction', [...KNOWN, { id: 3, phase: 'contract' }], 503, 'ahead', 3],
] as const)('a database that %s', async (_what, applied, status, schema, schemaVersion) => {
  const answer = await server({ applied: () => Promise.resolve(applied) }).app.inject('/health/ready');
  expect([answer.statusCode, answer.json()]).toEqual([
    status,
    { status: status === 200 ? 'ready' : 'unavailable', checks: { database: 'up', schema }, schemaVersion },
  ]);
});

test('a dependency that is down is named, its error is not', async () => {
  const secret = 'password of patient Jane';
  const { app, lines } = server({
    applied: () => Promise.reject(Object.assign(new Error(secret), { code: '28P01', detail: secret })),
  });
  const answer = await app.inject('/health/ready');
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    { status: 'unavailable', checks: { database: 'down' } },
  ]);
  expect(lines.join()).toContain('"code":"28P01"');
  expect(lines.join()).not.toContain(secret);
});

test('while draining it is alive, not ready, still answers, and lets connections go', async () => {
  const { app, startDraining } = server();
  startDraining();
  const ready = await app.inject('/health/ready');
  expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'draining' }]);
  expect((await app.inject('/health/live')).statusCode).toBe(200);
  const me = await app.inject('/v1/me');
  expect([me.statusCode, me.headers.connection]).toEqual([200, 'close']);
});

test('the version and commit are told', async () => {
  const answer = await server().app.inject('/version');
  expect(answer.json()).toEqual({ version: '1.2.3', commit: 'abc1234' });
});

test('me tells who the token says', async () => {
  const identify = jest.fn(() => Promise.resolve(PERSON));
  const answer = await server({ identify }).app.inject({
    url: '/v1/me',
    headers: { authorization: 'Bearer t' },
  });
  expect(answer.json()).toEqual(PERSON);
  expect(identify).toHaveBeenCalledWith('Bearer t');
});

test.each([
  [401, 'Bearer error="invalid_token"'],
  [403, undefined],
  [503, undefined],
])('a %d is problem+json', async (status, challenge) => {
  const { app } = server({ identify: () => Promise.reject(new Problem(status, 'Title', 'What to do.')) });
  const answer = await app.inject('/v1/me');
  expect(answer.statusCode).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.headers['www-authenticate']).toBe(challenge);
  expect(answer.json()).toEqual({
    type: 'about:blank',
    title: 'Title',
    status,
    detail: 'What to do.',
    requestId: answer.headers['x-request-id'],
  });
});

test('an unexpected error is a bare 500, and the log keeps its kind and place but not its words', async () => {
  const { app, lines } = server({ identify: () => Promise.reject(new TypeError('MRN 12345')) });
  const answer = await app.inject('/v1/me');
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toMatch(/MRN|TypeError/);
  const line = lines
    .map((text) => JSON.parse(text) as { level: string; error?: object })
    .find((l) => l.error);
  expect(line).toMatchObject({ level: 'error', error: { kind: 'TypeError' } });
  expect(JSON.stringify(line)).toContain('server.test.ts');
  expect(lines.join()).not.toContain('MRN');
});

test.each([
  ['too large', { payload: 'x'.repeat(300 * 1024), headers: { 'content-type': 'application/json' } }, 413],
  ['not JSON', { payload: '{"name": Jane', headers: { 'content-type': 'application/json' } }, 400],
  ['of a strange type', { payload: 'x', headers: { 'content-type': 'text/x-strange' } }, 415],
] as const)('a body that is %s is a problem of the caller', async (_what, options, status) => {
  const { app, lines } = server();
  app.post('/echo', () => 'ok');
  const answer = await app.inject({ method: 'POST', url: '/echo', ...options });
  expect([answer.statusCode, answer.json()]).toMatchObject([status, { status }]);
  expect(answer.body + lines.join()).not.toContain('Jane');
});

test('an unknown path is a problem too', async () => {
  const answer = await server().app.inject('/patients/jane?mrn=1');
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-type']).toMatch(/problem\+json/);
  expect(answer.body).not.toContain('jane');
});

test.each(['/health/live', '/v1/me', '/nowhere'])('%s carries the security headers', async (url) => {
  const { headers } = await server().app.inject(url);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
});

test('a request is one line, with its pattern and without what may identify a patient', async () => {
  const { app, lines } = server();
  app.get('/v1/patients/:name', () => ({ name: 'Jane' }));
  await app.inject({
    url: '/v1/patients/jane-roe?mrn=mrn-555',
    headers: { authorization: 'Bearer secret-token', cookie: 'session=1', 'user-agent': 'agent-x' },
  });
  const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(requests).toEqual([
    expect.objectContaining({
      level: 'info',
      service: 'api',
      version: '1.2.3',
      method: 'GET',
      route: '/v1/patients/:name',
      status: 200,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      reqId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    }),
  ]);
  expect(lines.join()).not.toMatch(/jane|mrn-555|secret-token|session|agent-x|127\.0\.0\.1/i);
});

test('what is censored stays so, even when someone logs it', async () => {
  const { app, lines } = server();
  app.log.info({
    headers: { authorization: 'Bearer secret' },
    person: { password: 'secret' },
    token: 'secret',
  });
  await app.ready();
  expect(lines.join()).toContain('[removed]');
  expect(lines.join()).not.toContain('secret');
});

test('the load balancer’s trace is the request’s id; anything else is not taken from outside', async () => {
  const { app } = server();
  const root = '1-5759e988-bd862e3fe1be46a994272793';
  const ask = async (header: string) =>
    (await app.inject({ url: '/version', headers: { 'x-amzn-trace-id': header } })).headers['x-request-id'];
  await expect(ask(`Self=1-67891234-12456789abcdef012345678;Root=${root}`)).resolves.toBe(root);
  await expect(ask(`Root=${root}<script>`)).resolves.toMatch(/^[0-9a-f-]{36}$/);
});

test('closing the API closes the database', async () => {
  const fixture = server();
  await fixture.app.ready();
  await fixture.app.close();
  expect(fixture.closed).toBe(1);
});

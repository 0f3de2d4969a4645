import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { smoke, smokeText, type SmokeOptions } from '../../../lib/release/smoke';
import { StillClock } from '../support/clock';

type Answer = { readonly status: number; readonly body?: unknown; readonly after?: number };
type Routes = Readonly<Record<string, Answer | ((tries: number) => Answer)>>;

const VISIT = 'c0ffee00-0000-4000-8000-000000000001';
const SOUND: Routes = {
  'GET /health/ready': { status: 200, body: { status: 'ready' } },
  'GET /version': { status: 200, body: { version: '1.2.3+abcdef', commit: 'abcdef012345' } },
  'GET /v1/me': { status: 401 },
  'GET /v1/me signed in': { status: 200, body: { subject: 's', role: 'DOCTOR', organisation: 'north' } },
  'GET /v1/visits?limit=1 signed in': { status: 200, body: { visits: [{ id: VISIT }] } },
  [`GET /v1/visits/${VISIT} signed in`]: { status: 200, body: { id: VISIT, reasonCode: 'SECRET' } },
  'POST /v1/visits signed in': { status: 201, body: { id: VISIT } },
};

let server: http.Server;
let routes: Routes;
let clock: StillClock;
let seen: string[];

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const signedIn = request.headers.authorization === 'Bearer t.o.k' ? ' signed in' : '';
    const line = `${request.method} ${request.url}${signedIn}`;
    seen.push(line);
    const route = routes[line] ?? { status: 404 };
    const answer = typeof route === 'function' ? route(seen.filter((one) => one === line).length) : route;
    clock.pass(answer.after ?? 1);
    if (answer.status === 0) return request.socket.destroy();
    return response.writeHead(answer.status).end(JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  clock = new StillClock();
  routes = SOUND;
  seen = [];
});

const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const look = (more: Partial<SmokeOptions> = {}) =>
  smoke({
    baseUrl: base(),
    token: 't.o.k',
    expectVersion: 'abcdef012345',
    fetch,
    clock,
    ...more,
  });
const outcomes = (report: Awaited<ReturnType<typeof smoke>>) =>
  Object.fromEntries(report.checks.map(({ name, outcome }) => [name, outcome]));

test('a sound release passes every check', async () => {
  const report = await look();
  expect(report.passed).toBe(true);
  expect(outcomes(report)).toEqual({
    health: 'passed',
    version: 'passed',
    'signed-out': 'passed',
    'signed-in': 'passed',
    visit: 'passed',
  });
  expect(report.checks.map(({ tries }) => tries)).toEqual([1, 1, 1, 1, 1]);
});

test('without a token it says what it did not look at', async () => {
  const report = await smoke({ baseUrl: base(), expectVersion: '1.2.3+abcdef', fetch, clock });
  expect(report.passed).toBe(true);
  expect(outcomes(report)).toMatchObject({
    'signed-in': 'skipped',
    visit: 'skipped',
    'signed-out': 'passed',
  });
  expect(smokeText(report)).toContain('there is no token');
});

test('waits for the load balancer to take up the new version', async () => {
  routes = {
    ...SOUND,
    'GET /health/ready': (tries) =>
      tries < 3 ? { status: 503 } : { status: 200, body: { status: 'ready' } },
    'GET /version': (tries) => ({
      status: 200,
      body: { version: '1', commit: tries < 4 ? 'old' : 'abcdef012345' },
    }),
  };
  const report = await look();
  expect(report.passed).toBe(true);
  expect(report.checks.slice(0, 2).map(({ tries }) => tries)).toEqual([3, 4]);
});

test('another version that stays is told with both versions, and nothing else is looked at', async () => {
  const report = await look({ expectVersion: 'fedcba' });
  expect(report.passed).toBe(false);
  expect(report.checks.map(({ name }) => name)).toEqual(['health', 'version']);
  expect(report.checks.at(-1)?.words).toBe(
    'GET /version told 1.2.3+abcdef (abcdef012345) where fedcba was expected',
  );
});

test.each([
  ['signed-out', 'GET /v1/me', 200, 'GET /v1/me answered 200 where 401 was expected'],
  ['signed-in', 'GET /v1/me signed in', 500, 'GET /v1/me answered 500 where 200 was expected'],
  ['visit', 'GET /v1/visits?limit=1 signed in', 500, 'answered 500 where 200 was expected'],
  [
    'visit',
    `GET /v1/visits/${VISIT} signed in`,
    404,
    'GET /v1/visits/:id answered 404 where 200 was expected',
  ],
])('a wrong answer in %s (%s) fails at once', async (name, route, status, words) => {
  routes = { ...SOUND, [route]: { status } };
  const report = await look();
  expect(report.passed).toBe(false);
  const check = report.checks.find((one) => one.name === name);
  expect(check).toMatchObject({ outcome: 'failed', tries: 1 });
  expect(check?.words).toContain(words);
});

test('a connection that is cut is an answer too', async () => {
  routes = { ...SOUND, 'GET /v1/me': { status: 0 } };
  const report = await look();
  expect(report.checks[2]).toMatchObject({ outcome: 'failed' });
  expect(report.checks[2]?.words).toMatch(/^GET \/v1\/me was not answered: /);
});

test('slowness fails when the best of three is over the budget, not when the first one is', async () => {
  const me = (slow: (tries: number) => boolean): Routes => ({
    ...SOUND,
    'GET /v1/me signed in': (tries) => ({
      ...(SOUND['GET /v1/me signed in'] as Answer),
      after: slow(tries) ? 2_000 : 10,
    }),
  });
  routes = me((tries) => tries === 1);
  expect((await look()).passed).toBe(true);
  seen = [];
  routes = me(() => true);
  const report = await look();
  expect(report.passed).toBe(false);
  expect(report.checks[3]).toMatchObject({ outcome: 'failed', tries: 3, budget: 1_000 });
  expect(report.checks[3]?.words).toMatch(/after 2\d{3} ms where 1000 ms are allowed/);
});

test('a synthetic visit is booked once and counts as booked when it is there already', async () => {
  const visit = { patientId: VISIT, clinicianId: VISIT };
  expect((await look({ visit })).passed).toBe(true);
  routes = { ...SOUND, 'POST /v1/visits signed in': { status: 409 } };
  expect((await look({ visit })).passed).toBe(true);
  routes = { ...SOUND, 'POST /v1/visits signed in': { status: 500 } };
  const report = await look({ visit });
  expect(report.passed).toBe(false);
  expect(report.checks.at(-1)?.words).toBe('POST /v1/visits answered 500 where 201 or 409 was expected');
});

test('whatever is answered, it ends with a report that repeats neither the token nor a body', async () => {
  const anything = fc.record({
    status: fc.constantFrom(0, 200, 201, 204, 301, 400, 401, 404, 500, 503),
    body: fc.constantFrom({ secret: 'SECRET' }, ['SECRET'], { status: 'ready' }, 'SECRET'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { minLength: 7, maxLength: 7 }), async (answers) => {
      routes = Object.fromEntries(Object.keys(SOUND).map((route, index) => [route, answers[index]!]));
      // A 204 has no body and a HEAD of 1xx is none of HTTP's answers here.
      const report = await look({ settleMs: 0 });
      expect(report.checks.length).toBeGreaterThan(0);
      expect(JSON.stringify(report)).not.toMatch(/SECRET|t\.o\.k/);
      const sound = report.checks.length === 5 && report.checks.every(({ outcome }) => outcome === 'passed');
      expect(report.passed).toBe(sound);
    }),
    { numRuns: 40 },
  );
});

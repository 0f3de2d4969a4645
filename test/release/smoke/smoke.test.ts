import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { smoke, smokeText, type SmokeOptions } from '../../../lib/release/smoke';
import { StillClock } from '../support/clock';

type Answer = { readonly status: number; readonly body?: unknown; readonly after?: number };
type Routes = Readonly<Record<string, Answer | ((tries: number) => Answer)>>;

const PATIENT = 'c0ffee00-0000-4000-8000-00000000000a';
const VISIT = 'c0ffee00-0000-4000-8000-000000000001';
/** The clock stands at 2026-01-01T00:02:00Z: the third quarter of an hour. */
const QUARTER = '2100-01-01T00:30:00.000Z';
const LIST = `/v1/visits?limit=1&from=${QUARTER}`;
const SOUND: Routes = {
  'GET /health/ready': { status: 200, body: { status: 'ready' } },
  'GET /version': { status: 200, body: { version: '1.2.3+abcdef', commit: 'abcdef012345' } },
  'GET /v1/me': { status: 401 },
  'GET /v1/me signed in': { status: 200, body: { subject: 's', role: 'DOCTOR', organisation: 'north' } },
  [`GET ${LIST} signed in`]: { status: 200, body: { visits: [{ id: VISIT }] } },
  [`GET /v1/visits/${VISIT} signed in`]: { status: 200, body: { id: VISIT, reasonCode: 'SECRET' } },
  'POST /v1/visits signed in': { status: 201, body: { id: VISIT } },
};

let server: http.Server;
let routes: Routes;
let clock: StillClock;
let seen: string[];
let posted: unknown[];

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const signedIn = request.headers.authorization === 'Bearer t.o.k' ? ' signed in' : '';
    const line = `${request.method} ${request.url}${signedIn}`;
    seen.push(line);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      if (request.method === 'POST') posted.push(JSON.parse(Buffer.concat(chunks).toString()));
    });
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
  clock = new StillClock(new Date('2026-01-01T00:02:00.000Z'));
  routes = SOUND;
  seen = [];
  posted = [];
});

const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const look = (more: Partial<SmokeOptions> = {}) =>
  smoke({
    baseUrl: base(),
    signIn: () => Promise.resolve('t.o.k'),
    patientId: PATIENT,
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

test('a person who cannot be signed in fails the smoke in the words of the sign-in: nothing is left out in silence', async () => {
  const report = await look({ signIn: () => Promise.reject(new Error('There is no synthetic person yet.')) });
  expect(report.passed).toBe(false);
  expect(outcomes(report)).toEqual({
    health: 'passed',
    version: 'passed',
    'signed-out': 'passed',
    'signed-in': 'failed',
  });
  expect(smokeText(report)).toContain('There is no synthetic person yet.');
});

test('a token that has expired fails the smoke', async () => {
  routes = { ...SOUND, 'GET /v1/me signed in': { status: 401 } };
  const report = await look();
  expect(report.passed).toBe(false);
  expect(report.checks[3]?.words).toBe('GET /v1/me answered 401 where 200 was expected');
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
  ['visit', `GET ${LIST} signed in`, 500, 'answered 500 where 200 was expected'],
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

test('books a visit of its own for whoever is signed in, and finds it in the list and alone', async () => {
  expect((await look()).passed).toBe(true);
  expect(posted).toEqual([
    { patientId: PATIENT, clinicianId: 's', scheduledAt: QUARTER, durationMinutes: 15 },
  ]);
  expect(seen.slice(-4)).toEqual([
    'GET /v1/me signed in',
    'POST /v1/visits signed in',
    `GET ${LIST} signed in`,
    `GET /v1/visits/${VISIT} signed in`,
  ]);
});

test('a visit that a smoke of the same minute has booked counts as booked when it is found', async () => {
  routes = { ...SOUND, 'POST /v1/visits signed in': { status: 409 } };
  expect((await look()).passed).toBe(true);
  routes = { ...routes, [`GET ${LIST} signed in`]: { status: 200, body: { visits: [] } } };
  const report = await look();
  expect(report.passed).toBe(false);
  expect(report.checks.at(-1)?.words).toContain('did not tell of the visit that was booked');
});

test('a visit that cannot be written, or that the list does not tell of, fails the smoke', async () => {
  routes = { ...SOUND, 'POST /v1/visits signed in': { status: 500 } };
  const report = await look();
  expect(report.passed).toBe(false);
  expect(report.checks.at(-1)?.words).toContain('POST /v1/visits answered 500 where 201 or 409 was expected');
  routes = { ...SOUND, 'POST /v1/visits signed in': { status: 201, body: { id: PATIENT } } };
  expect((await look()).passed).toBe(false);
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

import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSmoke, loadSmokeText, type LoadSmokeReport } from '../../lib/release/load-smoke';

type Answer = { readonly status: number; readonly after?: number };

let server: http.Server;
let count: number;
let answer: (nth: number) => Answer;
let asked: Set<string>;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    count += 1;
    asked.add(`${request.url} ${request.headers.authorization}`);
    const { status, after = 0 } = answer(count);
    setTimeout(() => response.writeHead(status).end('{}'), after);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  count = 0;
  answer = () => ({ status: 200 });
  asked = new Set();
});

const driven = (budget: object = {}): Promise<LoadSmokeReport> =>
  loadSmoke({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    budget: { rps: 100, seconds: 1, p99Ms: 2_000, failedPercent: 0.5, ...budget },
    signIn: () => Promise.resolve('t.o.k'),
    clock: { now: () => performance.now(), sleep: (milliseconds) => sleep(milliseconds) },
    fetch,
  });

test('a sound release passes, and every request that arrived is counted', async () => {
  const report = await driven();
  expect(report.problems).toEqual([]);
  expect(report.figures.at(-1)).toMatchObject({ name: 'all', requests: count, failed: {} });
  expect([...asked].sort()).toEqual(
    ['/health/ready', '/v1/me', '/v1/visits?limit=20'].map((path) => `${path} Bearer t.o.k`),
  );
  expect(loadSmokeText(report)).not.toContain('t.o.k');
});

test('one failure in a hundred is too many', async () => {
  answer = (nth) => ({ status: nth % 100 === 50 ? 500 : 200 });
  const report = await driven();
  expect(report.passed).toBe(false);
  expect(report.problems[0]).toMatch(/^1 of \d+ requests failed where 0\.5 % may\.$/);
  expect(report.figures.at(-1)?.failed).toEqual({ '500': 1 });
});

test('a token that is no longer good, and a redirect, are failures', async () => {
  answer = (nth) => ({ status: nth % 2 === 0 ? 401 : 302 });
  const report = await driven();
  expect(report.passed).toBe(false);
  expect(Object.keys(report.figures.at(-1)?.failed ?? {}).sort()).toEqual(['401', '599']);
});

test('slow answers fail, and do not make the load smaller', async () => {
  answer = () => ({ status: 200, after: 400 });
  const report = await driven({ p99Ms: 300 });
  expect(report.passed).toBe(false);
  expect(report.problems.join()).toMatch(/99 of 100 answers took \d+ ms where 300 ms are allowed/);
  expect(report.figures.at(-1)?.requests).toBeGreaterThan(90);
});

test('nobody to sign in as ends it before a request is sent', async () => {
  const signIn = (): Promise<string> => Promise.reject(new Error('There is no synthetic person yet.'));
  const budget = { rps: 10, seconds: 1, p99Ms: 1, failedPercent: 0 };
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  await expect(loadSmoke({ baseUrl: 'http://127.0.0.1:1', budget, signIn, clock, fetch })).rejects.toThrow(
    'There is no synthetic person yet.',
  );
  expect(count).toBe(0);
});

import * as fs from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureAuthority } from '../../../lib/local/authority';
import { readBuckets, startLoad } from '../../../lib/local/load';
import { failures, figuresOf, figuresText } from '../../../lib/load/figures';
import type { Bucket } from '../../../lib/load/model';

jest.setTimeout(20_000);

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'load-'));
let server: https.Server;
let caFile: string;
let answer: (count: number) => { status: number; after?: number } | 'cut' = () => ({ status: 200 });
let count = 0;

beforeAll(async () => {
  const authority = await ensureAuthority(dir);
  ({ caFile } = authority);
  const { certFile, keyFile } = await authority.certificate('server', ['localhost']);
  server = https.createServer(
    { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) },
    (request, response) => {
      count += 1;
      const told = answer(count);
      if (told === 'cut') request.socket.destroy();
      else setTimeout(() => response.writeHead(told.status).end('{}'), told.after ?? 0);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  fs.rmSync(dir, { recursive: true });
});

async function driven(rps: number, milliseconds: number): Promise<readonly Bucket[]> {
  count = 0;
  const { port } = server.address() as AddressInfo;
  const load = startLoad({
    ...{ url: `https://localhost:${port}/health`, caFile, rps, headers: {} },
    file: path.join(dir, 'load.jsonl'),
  });
  while (count === 0) await sleep(20);
  await sleep(milliseconds);
  return load.stop();
}

const ALL = { name: 'all', from: 0, to: Infinity };

test('sends at the rate, over TLS that is verified, and counts what the server saw', async () => {
  const all = figuresOf(await driven(100, 3000), ALL);
  expect(all.failed).toEqual({});
  expect(all.requests).toBeGreaterThan(240);
  expect(Math.abs(all.requests - count)).toBeLessThanOrEqual(1);
});

test('failures are counted by what they were', async () => {
  answer = (n) => (n % 10 === 0 ? { status: 503 } : n % 10 === 5 ? 'cut' : { status: 200 });
  const all = figuresOf(await driven(100, 2000), ALL);
  answer = () => ({ status: 200 });
  expect(all.failed['503']).toBeGreaterThan(10);
  expect(failures(all)).toBeGreaterThan((all.failed['503'] ?? 0) + 10);
});

test('a server that stalls does not slow the rate down', async () => {
  answer = () => ({ status: 200, after: 400 });
  const all = figuresOf(await driven(100, 3000), ALL);
  answer = () => ({ status: 200 });
  expect(all.requests).toBeGreaterThan(220);
  expect(all.p50).toBeGreaterThan(390);
});

test('figures are of the buckets of a stretch', () => {
  const bucket = (at: number, latency: number): Bucket => ({
    ...{ at, good: 1, failed: { 503: 1 }, latencies: [latency, latency] },
  });
  const buckets = [bucket(1000, 5), bucket(1250, 50), bucket(1500, 500)];
  const shift = figuresOf(buckets, { name: 'shift', from: 1250, to: 1500 });
  expect(shift).toEqual({
    ...{ name: 'shift', requests: 2, failed: { 503: 1 }, p50: 50, p99: 50, worst: 50 },
  });
  expect(figuresText([shift])[1]).toBe('shift         2       1    50.0 ms    50.0 ms    50.0 ms  (503: 1)');
  expect(figuresOf([], ALL).worst).toBe(0);
});

test('what was never written is no load', () => {
  expect(readBuckets(path.join(dir, 'nothing'))).toEqual([]);
});

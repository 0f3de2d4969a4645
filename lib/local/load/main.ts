import * as fs from 'node:fs';
import { Agent } from 'undici';
import { type Bucket, BUCKET_MILLISECONDS } from '../../load/model';
import { OpenLoop } from '../../load/open-loop';
import { loadSettings } from './model';

// Drives the load in a process of its own: what a rehearsal computes meanwhile does not delay a request.
// autocannon 9 was tried: it counts no request whose connection is cut before the answer, and verifies no certificate.

/** Longer than the load balancer waits for a task that drains. */
const TIMEOUT_MILLISECONDS = 10_000;

const settings = loadSettings.parse(JSON.parse(process.argv[2] ?? '{}'));
const { origin, pathname, search } = new URL(settings.url);
const agent = new Agent({
  connect: { ca: fs.readFileSync(settings.caFile), timeout: TIMEOUT_MILLISECONDS },
  headersTimeout: TIMEOUT_MILLISECONDS,
  bodyTimeout: TIMEOUT_MILLISECONDS,
  // None waits behind another on a connection. After a pause of this process all that fell due meanwhile goes out at once:
  // without a limit each would open a connection, more than a process may have files.
  pipelining: 1,
  connections: 256,
});
let bucket = empty();

function empty(): Bucket {
  return { at: Date.now(), good: 0, failed: {}, latencies: [] };
}

function flush(): void {
  const full = bucket;
  bucket = empty();
  fs.appendFileSync(settings.file, `${JSON.stringify(full)}\n`);
}

const loop = new OpenLoop({
  rps: settings.rps,
  now: () => performance.now(),
  send: async () => {
    const { statusCode, body } = await agent.request({
      ...{ origin, path: `${pathname}${search}`, method: 'GET', headers: settings.headers },
    });
    await body.dump();
    return statusCode;
  },
  answered: ({ milliseconds, failure }) => {
    bucket.latencies.push(milliseconds);
    if (failure === undefined) bucket.good += 1;
    else bucket.failed[failure] = (bucket.failed[failure] ?? 0) + 1;
  },
});
loop.start();
const writer = setInterval(flush, BUCKET_MILLISECONDS);

/** Waits for what is outstanding, so that every request sent is counted. */
function end(): void {
  void loop.stop().finally(() => {
    clearInterval(writer);
    flush();
    process.exit(0);
  });
}

process.once('SIGTERM', end);
// Whoever started this is gone.
process.stdin.resume().once('end', end);

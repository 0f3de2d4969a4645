import { failures, figuresOf, figuresText } from '../load/figures';
import type { Bucket, Figures } from '../load/model';
import { OpenLoop } from '../load/open-loop';
import type { Clock } from './ports';

/** What a release may be asked for, and how it has to answer. */
export interface LoadBudget {
  /** Requests in a second. */
  readonly rps: number;
  /** How long, in seconds. */
  readonly seconds: number;
  /** Longest that 99 of 100 answers may take, in milliseconds. */
  readonly p99Ms: number;
  /** Share of the requests that may fail, in per cent. */
  readonly failedPercent: number;
}

/** What is loaded, and how. */
export interface LoadSmokeOptions {
  /** `https://` address without a path. */
  readonly baseUrl: string;
  /** How much, and what is allowed. */
  readonly budget: LoadBudget;
  /** Signs in the person that the requests are sent as; what it throws ends the load before it began. */
  readonly signIn: () => Promise<string>;
  /** Sends a request. */
  readonly fetch: typeof fetch;
  /** Time. */
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** How it went. */
export interface LoadSmokeReport {
  /** Version of this form; raised when a field changes its meaning or goes. */
  readonly schemaVersion: 1;
  /** Whether it kept to the budget. */
  readonly passed: boolean;
  /** Where the requests went. */
  readonly baseUrl: string;
  /** What was allowed. */
  readonly budget: LoadBudget;
  /** Figures of each path, and of all. */
  readonly figures: readonly Figures[];
  /** What speaks against the release; empty when it passed. */
  readonly problems: readonly string[];
}

/** Asked in turn: a list is read most often, and none of them changes anything. */
const PATHS = ['/health/ready', '/v1/me', '/v1/visits?limit=20'] as const;
const ALL = { name: 'all', from: 0, to: Infinity };
/** What takes this long is as good as down; longer than any budget. */
const REQUEST_MS = 10_000;
/** A driver that sends less than this share was too slow itself, and proves nothing. */
const LEAST_SENT = 0.95;

/** Sends requests at a steady rate as the synthetic person, whatever the answers do, and judges the answers. */
export async function loadSmoke(options: LoadSmokeOptions): Promise<LoadSmokeReport> {
  const { baseUrl, budget, fetch, clock } = options;
  const token = await options.signIn();
  const buckets = new Map(PATHS.map((path) => [path as string, emptyBucket()]));
  const pathOf = (nth: number): string => PATHS[nth % PATHS.length] ?? PATHS[0];
  const loop = new OpenLoop({
    rps: budget.rps,
    now: () => clock.now(),
    send: async (nth) => {
      const response = await fetch(new URL(pathOf(nth), baseUrl), {
        headers: { accept: 'application/json', authorization: `Bearer ${token}` },
        redirect: 'manual',
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      await response.arrayBuffer();
      // Nothing here answers with a redirect: one that leads elsewhere says nothing of this version.
      return response.status >= 300 && response.status < 400 ? 599 : response.status;
    },
    answered: ({ milliseconds, failure }, nth) => {
      const bucket = buckets.get(pathOf(nth));
      bucket?.latencies.push(milliseconds);
      if (!bucket) return;
      if (failure === undefined) bucket.good += 1;
      else bucket.failed[failure] = (bucket.failed[failure] ?? 0) + 1;
    },
  });
  loop.start();
  await clock.sleep(budget.seconds * 1000);
  await loop.stop();
  const figures = [
    ...[...buckets].map(([name, bucket]) => figuresOf([bucket], { ...ALL, name })),
    figuresOf([...buckets.values()], ALL),
  ];
  const problems = problemsOf(figures.at(-1), budget);
  return { schemaVersion: 1, passed: problems.length === 0, baseUrl, budget, figures, problems };
}

function emptyBucket(): Bucket {
  return { at: 0, good: 0, failed: {}, latencies: [] };
}

function problemsOf(all: Figures | undefined, budget: LoadBudget): string[] {
  if (!all) return ['Nothing was sent.'];
  const wanted = Math.floor(budget.rps * budget.seconds * LEAST_SENT);
  const failed = failures(all);
  const percent = all.requests === 0 ? 100 : (100 * failed) / all.requests;
  return [
    ...(all.requests < wanted
      ? [`Only ${all.requests} requests were sent where ${wanted} are the least: the sender was too slow.`]
      : []),
    ...(percent > budget.failedPercent
      ? [`${failed} of ${all.requests} requests failed where ${budget.failedPercent} % may.`]
      : []),
    ...(all.p99 > budget.p99Ms
      ? [`99 of 100 answers took ${all.p99.toFixed(0)} ms where ${budget.p99Ms} ms are allowed.`]
      : []),
  ];
}

/** The report as people read it. */
export function loadSmokeText({ baseUrl, passed, budget, figures, problems }: LoadSmokeReport): string {
  const what = `${budget.rps} requests a second for ${budget.seconds} s`;
  return [
    `Load smoke of ${baseUrl}, ${what}: ${passed ? 'passed' : 'failed'}`,
    ...figuresText(figures),
    ...problems,
  ].join('\n');
}

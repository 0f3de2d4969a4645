import { setTimeout as sleep } from 'node:timers/promises';
import { failures, figuresOf } from '../../load/figures';
import type { Figures } from '../../load/model';
import { TrafficWatch } from '../traffic/watch';
import type { Deployment } from '../codedeploy/model/deployment';
import { untilCalm } from './calm';
import { PLANTED_STATUS } from './faults';
import type { Check, Ending, Scenario } from './model';
import type { Stage } from './stage';
import { deploymentsOf, type State } from './state';

/** What a scenario came to. */
export interface Played {
  /** Which. */
  readonly scenario: Scenario;
  /** How it ended. */
  readonly ending: Ending;
  /** What has to hold, and whether it does. */
  readonly checks: readonly Check[];
  /** The traffic meanwhile, and while the next release was made. */
  readonly figures: readonly Figures[];
  /** Deployments that were made, a line each. */
  readonly deployments: readonly string[];
  /** Seconds that it took. */
  readonly seconds: number;
}

/** A path that needs no database, so that every failure is the version's or the release's. */
const PATH = '/version';
const NEXT_SPEED = 120;
const AT_LEAST = 50;

/** Plays a scenario under traffic, then releases a sound version after it: that has to work, too. */
export async function playScenario(scenario: Scenario, stage: Stage): Promise<Played> {
  const begun = Date.now();
  const { folders, summary } = stage;
  const watch = new TrafficWatch({
    places: () => [{ name: scenario.name, supervisor: folders.supervisor }],
    caFile: summary.cloud.caFile,
    folder: stage.logs,
    rps: scenario.rps,
    path: PATH,
  });
  const before = await stage.state();
  if (before.underWay.length > 0)
    throw new Error(
      `The deployment ${before.underWay.join()} is under way: wait for its end, or roll it back.`,
    );
  await stage.hasten(scenario.speed, scenario.limitSpeed);
  watch.begin();
  try {
    await untilServed(watch, scenario.name);
    const ending = await scenario.play(stage);
    const after = await stage.state();
    const middle = Date.now();
    await stage.hasten(NEXT_SPEED);
    await stage.versions.prepare();
    await untilCalm(stage, NEXT_SPEED);
    const next = await stage.begin('release').ended;
    const last = await stage.state();
    const [seen] = await watch.end();
    const buckets = seen?.buckets ?? [];
    const figures = [
      figuresOf(buckets, { name: scenario.name, from: 0, to: middle }),
      figuresOf(buckets, { name: 'next release', from: middle, to: Infinity }),
    ];
    return {
      ...{ scenario, ending, figures },
      checks: [...checksOf(ending, before, after, figures), ...nextChecks(next, after, last)],
      deployments: await deploymentLines(stage, begun),
      seconds: (Date.now() - begun) / 1_000,
    };
  } finally {
    await watch.end();
    await stage.versions.restore();
    await stage.hasten(1);
  }
}

async function untilServed(watch: TrafficWatch, name: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (figuresOf(watch.soFar(name), { name, from: 0, to: Infinity }).requests < AT_LEAST) {
    if (Date.now() > deadline) throw new Error('No traffic reaches the load balancer.');
    await sleep(100);
  }
}

function checksOf(
  ending: Ending,
  before: State,
  after: State,
  figures: readonly Figures[],
): readonly Check[] {
  const { code, rightCode, says, output, live } = ending;
  const failed = figures.map((all) => ({ ...all, failed: { ...all.failed, [PLANTED_STATUS]: 0 } }));
  const own = failed.reduce((sum, all) => sum + failures(all), 0);
  const kept = live === 'old';
  return [
    { what: `exit code ${rightCode}`, holds: code === rightCode, seen: String(code) },
    { what: `says ${says.source}`, holds: says.test(output), seen: lastLine(output) },
    {
      what: kept ? 'the old version is live' : 'the new version is live',
      holds: (after.live === before.live) === kept,
      seen: `${before.live}, then ${after.live}`,
    },
    { what: 'it has all traffic', holds: after.share === 100, seen: `${after.share} %` },
    { what: 'nothing is under way', holds: after.underWay.length === 0, seen: after.underWay.join() },
    {
      what: 'no request failed but by the planted fault',
      holds: own === 0,
      seen: JSON.stringify(figures.map((all) => all.failed)),
    },
  ];
}

function nextChecks(
  next: { readonly code: number | null; readonly output: string },
  before: State,
  after: State,
): readonly Check[] {
  return [
    { what: 'the next release succeeds', holds: next.code === 0, seen: lastLine(next.output) },
    {
      what: 'its version is live with all traffic',
      holds: after.live !== before.live && after.share === 100 && after.underWay.length === 0,
      seen: `${after.live} with ${after.share} %`,
    },
  ];
}

async function deploymentLines(stage: Stage, since: number): Promise<readonly string[]> {
  const all = (await deploymentsOf(stage.watched.codeDeploy)).filter(({ createTime }) => createTime >= since);
  const lines = all.map(({ id, status, creator, error, createTime, completeTime = createTime }) =>
    [
      `${id}  ${status.padEnd(10)} ${seconds(completeTime - createTime)}  ${creator}`,
      ...(error === undefined ? [] : [`  ${error.code}: ${error.message}`]),
    ].join(''),
  );
  return [...lines, ...ownTimes(stage, all)];
}

/** What a release takes beside its deployment: before that is made, and after it is over. */
function ownTimes(stage: Stage, all: readonly Deployment[]): readonly string[] {
  return stage.calls.flatMap(({ program, begun, ended }) => {
    const own = all.find(
      ({ createTime, completeTime = Infinity, creator, status }) =>
        creator === 'user' && status === 'Succeeded' && createTime >= begun && completeTime <= ended,
    );
    if (own?.completeTime === undefined) return [];
    const beside = own.createTime - begun + (ended - own.completeTime);
    return [`${program} of ${own.id}: ${seconds(beside).trim()} of its own`];
  });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`.padStart(8);
}

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1) ?? '';
}

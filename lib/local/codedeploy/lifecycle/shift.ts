import type { Routing } from '../model/catalogue';
import type { Deployment } from '../model/deployment';
import type { Switches } from '../switches';
import { routesOf } from './begin';
import type { Run } from './run';
import { refreshSides } from './sides';

/** One share of a shift. */
export interface Step {
  /** Percent that the replacement has from now on. */
  readonly percent: number;
  /** Minutes until the next. */
  readonly minutes: number;
}

/** The shares that a routing shifts by. */
export function stepsOf(routing: Routing, switches: Pick<Switches, 'linearBegins'>): Step[] {
  if (routing.type === 'AllAtOnce') return [{ percent: 100, minutes: 0 }];
  if (routing.type === 'TimeBasedCanary') {
    const { canaryPercentage, canaryInterval } = routing.timeBasedCanary;
    return [
      { percent: canaryPercentage, minutes: canaryInterval },
      { percent: 100, minutes: 0 },
    ];
  }
  const { linearPercentage, linearInterval } = routing.timeBasedLinear;
  const count = Math.ceil(100 / linearPercentage);
  const shares = Array.from({ length: count }, (_, index) => ({
    percent: Math.min(100, linearPercentage * (index + 1)),
    minutes: index + 1 === count ? 0 : linearInterval,
  }));
  return switches.linearBegins === 'with-share'
    ? shares
    : [{ percent: 0, minutes: linearInterval }, ...shares];
}

/** Gives the public's listener these shares; what the deployment tells of them follows. */
async function give(run: Run, percent: number): Promise<void> {
  const { deployment, estate, behaviour } = run;
  const { blue, green } = deployment;
  if (blue === undefined || green === undefined) throw new Error('There is nothing to shift to.');
  const settled = percent === 100;
  const old = { group: blue.targetGroup, weight: 100 - percent };
  const shares = [{ group: green.targetGroup, weight: percent }, old];
  const single = settled && behaviour.switches.listenerLeft === 'single';
  await estate.traffic.send(routesOf(deployment).production, single ? shares.slice(0, 1) : shares, settled);
  green.weight = percent;
  blue.weight = 100 - percent;
}

/** Moves the public's traffic to the replacement, share by share, and makes it the PRIMARY task set. */
export async function shift(run: Run): Promise<void> {
  const { deployment, behaviour } = run;
  const steps = stepsOf(deployment.routing, behaviour.switches);
  if (behaviour.switches.primarySwitch === 'start-of-shift') await makePrimary(run);
  while (deployment.shifted < steps.length) {
    const { percent, minutes } = steps[deployment.shifted] ?? { percent: 100, minutes: 0 };
    run.goOn();
    await give(run, percent);
    if (minutes > 0) await run.until(() => false, minutes * 60, 'wait');
    deployment.shifted += 1;
    run.save();
  }
  if (behaviour.switches.primarySwitch === 'end-of-shift') await makePrimary(run);
}

async function makePrimary(run: Run): Promise<void> {
  const { green } = run.deployment;
  if (green === undefined) throw new Error('There is no replacement task set.');
  await run.estate.taskSets.makePrimary(run.service, green.taskSetId);
  await refreshSides(run);
}

/** Moves the tests' listener to the replacement. */
export async function shiftTests(run: Run): Promise<void> {
  const { test } = routesOf(run.deployment);
  const { blue, green } = run.deployment;
  if (test === undefined || blue === undefined || green === undefined) return;
  await run.estate.traffic.send(test, sharesTo(run.deployment, 'green', run.behaviour.switches), true);
}

/** All of the traffic to one side; what is left beside it as the switch says. */
export function sharesTo(
  { blue, green }: Deployment,
  side: 'blue' | 'green',
  { listenerLeft }: Pick<Switches, 'listenerLeft'>,
): { group: string; weight: number }[] {
  const both = [
    { group: blue?.targetGroup ?? '', weight: side === 'blue' ? 100 : 0 },
    { group: green?.targetGroup ?? '', weight: side === 'green' ? 100 : 0 },
  ].sort((a, b) => b.weight - a.weight);
  return listenerLeft === 'single' ? both.slice(0, 1) : both;
}

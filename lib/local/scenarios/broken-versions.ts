import {
  CRASHES,
  FAILS_2_PERCENT,
  type Fault,
  IS_ANOTHER_IN_PUBLIC,
  IS_SLOW,
  LETS_EVERYONE_IN,
} from './faults';
import type { Ending, Scenario } from './model';
import type { Stage } from './stage';

/** Releases a version with a fault: it has to be taken back. */
async function takenBack(stage: Stage, fault: Fault, says: RegExp): Promise<Ending> {
  await stage.versions.prepare(fault);
  const { code, output } = await stage.begin('release').ended;
  return { code, rightCode: 1, says, output, live: 'old' };
}

/** New versions that are not sound. */
export const BROKEN_VERSIONS: readonly Scenario[] = [
  {
    name: 'green-crashes',
    about: 'the new version ends as soon as it starts: it never gets a request',
    ...{ rps: 50, speed: 60, limitSpeed: 360 },
    play: (stage: Stage): Promise<Ending> => takenBack(stage, CRASHES, /Install/),
  },
  {
    name: 'green-fails-smoke',
    about:
      'the new version is healthy, and lets in who has no token: the smoke on the test listener finds it',
    ...{ rps: 50, speed: 60 },
    play: (stage: Stage): Promise<Ending> =>
      takenBack(stage, LETS_EVERYONE_IN, /AfterAllowTestTraffic +failed/),
  },
  {
    name: 'green-is-wrong-in-public',
    about:
      'the new version is right on the test listener and wrong on the public one: once it has all traffic it is tried again, and taken back',
    ...{ rps: 50, speed: 60 },
    play: (stage: Stage): Promise<Ending> =>
      takenBack(stage, IS_ANOTHER_IN_PUBLIC, /AfterAllowTraffic +failed/),
  },
  {
    name: 'green-500s',
    about: 'the new version answers 2 % of its requests with an error: the alarm takes the canary back',
    ...{ rps: 200, speed: 30 },
    play: (stage: Stage): Promise<Ending> => takenBack(stage, FAILS_2_PERCENT, /ALARM|alarm/),
  },
  {
    name: 'green-is-slow',
    about: 'the new version takes two seconds for an answer once it is warm: the alarm takes the canary back',
    ...{ rps: 100, speed: 20 },
    play: (stage: Stage): Promise<Ending> => takenBack(stage, IS_SLOW, /ALARM|alarm/),
  },
];

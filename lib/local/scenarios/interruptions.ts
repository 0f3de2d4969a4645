import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending, Scenario } from './model';
import type { Stage } from './stage';
import type { Called, Calling } from './tools';

/** What a release says when the canary has its share. */
export const SHIFTING = /traffic: 10 % new/;
/** What it says when the old version has none left. */
export const BAKING = /the old one stays until it is sure/;

/** Prepares a sound version, and waits until its release has come to a point. */
export async function until(stage: Stage, point: RegExp, foreign = false): Promise<Calling> {
  await stage.versions.prepare(undefined, foreign);
  const release = stage.begin('release');
  await release.says(point);
  return release;
}

async function takenBackAt(stage: Stage, point: RegExp): Promise<Ending> {
  const release = await until(stage, point);
  const { code, output } = await stage.begin('rollback').ended;
  const released = await release.ended;
  return {
    ...{ code, rightCode: 0, live: 'old', says: /old version has all traffic|took it back/ },
    output: `${released.output}\n--- rollback ---\n${output}`,
  };
}

/** A release that is disturbed, or ordered back. */
export const INTERRUPTIONS: readonly Scenario[] = [
  {
    name: 'release-killed',
    about:
      'the release is killed -9 in the middle of the shift: run again, it follows the same deployment to its end',
    ...{ rps: 50, speed: 30 },
    play: async (stage: Stage): Promise<Ending> => {
      const first = await until(stage, SHIFTING);
      first.kill('SIGKILL');
      await first.ended;
      const { code, output } = await stage.begin('release').ended;
      return { code, rightCode: 0, says: /succeeded/, output, live: 'new' };
    },
  },
  {
    name: 'release-killed-unwatched',
    about:
      'the release is killed -9 and its deployment ends with nobody there: run again, it is recorded, and can be taken back',
    ...{ rps: 50, speed: 60 },
    play: async (stage: Stage): Promise<Ending> => {
      const first = await until(stage, BAKING);
      first.kill('SIGKILL');
      await first.ended;
      while ((await stage.state()).underWay.length > 0) await sleep(200);
      const again = await stage.begin('release').ended;
      const { code, output } = await stage.begin('rollback').ended;
      return {
        ...{ code: again.code === 0 ? code : again.code, rightCode: 0, live: 'old' },
        says: /nobody watched \(succeeded\)[^]*has the traffic already[^]*rollback ---[^]*succeeded/,
        output: `${again.output}\n--- rollback ---\n${output}`,
      };
    },
  },
  {
    name: 'release-stopped',
    about:
      'the release gets SIGTERM in the middle of the shift, as a pipeline that is stopped sends it: it goes back',
    ...{ rps: 50, speed: 30 },
    play: async (stage: Stage): Promise<Ending> => {
      const release = await until(stage, SHIFTING);
      release.kill('SIGTERM');
      const { code, output } = await release.ended;
      return { code, rightCode: 3, says: /old version has all traffic/, output, live: 'old' };
    },
  },
  {
    name: 'two-releases',
    about:
      'another version is to be released while one is shifting: it is refused, and the first one goes on',
    ...{ rps: 50, speed: 30 },
    play: async (stage: Stage): Promise<Ending> => {
      const first = await until(stage, SHIFTING);
      await stage.versions.prepare();
      const second = await stage.begin('release').ended;
      const { code, output } = await first.ended;
      return {
        ...{ code: code === 0 ? second.code : code, rightCode: 2, live: 'new' },
        says: /Another deployment runs: d-[A-Z0-9]+/,
        output: `${output}\n--- the second ---\n${second.output}`,
      };
    },
  },
  {
    name: 'rollback-during-shift',
    about: 'a rollback is ordered in the middle of the shift: the traffic goes back to the old version',
    ...{ rps: 50, speed: 1 },
    play: (stage: Stage): Promise<Ending> => takenBackAt(stage, SHIFTING),
  },
  {
    name: 'rollback-during-bake',
    about: 'a rollback is ordered when all traffic is on the new version and the old one still waits',
    ...{ rps: 50, speed: 20 },
    play: (stage: Stage): Promise<Ending> => takenBackAt(stage, BAKING),
  },
  {
    name: 'rollback-after-bake',
    about:
      'a rollback is ordered when the old version is gone: it is brought up again through the same checks',
    ...{ rps: 300, speed: 20 },
    play: async (stage: Stage): Promise<Ending> => {
      const { code, output } = await rollbackAfterRelease(stage);
      return { code, rightCode: 0, live: 'old', says: /rollback ---[^]*succeeded/, output };
    },
  },
  {
    name: 'rollback-refused',
    about:
      'the version before cannot serve the schema as it is now: a rollback to it is refused, with the reason',
    ...{ rps: 50, speed: 60 },
    play: async (stage: Stage): Promise<Ending> => {
      await (
        await until(stage, BAKING, true)
      ).ended;
      const { code, output } = await rollbackAfterRelease(stage);
      return { code, rightCode: 2, live: 'new', says: /cannot serve the schema/, output };
    },
  },
];

async function rollbackAfterRelease(stage: Stage): Promise<Called> {
  const { output: released } = await (await until(stage, BAKING)).ended;
  const { code, output } = await stage.begin('rollback').ended;
  return { code, output: `${released}\n--- rollback ---\n${output}` };
}

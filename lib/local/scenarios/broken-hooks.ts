import { withTestTrafficHook } from './hooks';
import type { Ending, Scenario } from './model';
import type { Stage } from './stage';

/** Releases a sound version while the function that has to try it has other code. */
async function takenBackWith(stage: Stage, source: string): Promise<Ending> {
  const { summary, outputs, versions } = stage;
  await versions.prepare();
  const { code, output } = await withTestTrafficHook(
    summary.cloud,
    { functionArn: outputs['ReleaseTestTrafficHook'] ?? '', template: versions.template, source },
    () => stage.begin('release').ended,
  );
  return { code, rightCode: 1, says: /AfterAllowTestTraffic +failed/, output, live: 'old' };
}

/** What tries a new version is itself broken: nobody can say that the version is good. */
export const BROKEN_HOOKS: readonly Scenario[] = [
  {
    name: 'hook-times-out',
    about:
      'the function that tries the new version never reports: its hour passes, and the version gets no traffic',
    ...{ rps: 50, speed: 60, limitSpeed: 360 },
    play: (stage: Stage): Promise<Ending> => takenBackWith(stage, 'exports.handler = async () => ({});\n'),
  },
  {
    name: 'hook-crashes',
    about: 'the function that tries the new version ends with an error: the version gets no traffic',
    ...{ rps: 50, speed: 60, limitSpeed: 360 },
    play: (stage: Stage): Promise<Ending> => takenBackWith(stage, "throw new Error('planted');\n"),
  },
];

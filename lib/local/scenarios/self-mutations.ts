import * as path from 'node:path';
import { rehearse } from '../pipeline/rehearse';
import { summary } from '../pipeline/text/summary';
import type { Ending, Scenario } from './model';
import { smallPipeline } from './small-pipeline';
import type { Stage } from './stage';

const ROOT = path.resolve(__dirname, '../../..');
const SPEED = 60;

/** The first execution ends cancelled before it deploys anything; the second one plays the step that is new. */
function restartedWith(step: string): RegExp {
  return new RegExp(
    `Cancelled +execution(?:(?!Live/)[^])*UpdatePipeline/SelfMutate(?:(?!Live/)[^])*` +
      `Succeeded +execution[^]*Live/Notes\\.Deploy[^]*Succeeded +Live/${step} `,
  );
}

/** A pipeline that changes itself. */
export const SELF_MUTATIONS: readonly Scenario[] = [
  {
    name: 'self-mutation',
    about:
      'a commit adds an action to the pipeline itself: the execution is cancelled, another begins with the new definition',
    ...{ rps: 50, speed: SPEED },
    play: async (stage: Stage): Promise<Ending> => {
      const dir = path.join(stage.folders.root, 'scenarios', 'small-pipeline');
      const { root, commit, step } = smallPipeline(
        path.join(dir, 'repository'),
        path.join(ROOT, 'node_modules'),
      );
      const lines: string[] = [];
      const { status, recorder } = await rehearse({
        ...{ root, commit, speed: SPEED, folders: { ...stage.folders, root: dir } },
        ...{ cacheDir: path.join(ROOT, '.cache'), retry: false, warmCache: true },
        ...{ stack: undefined, load: undefined, loadPath: '/' },
        approve: () => Promise.resolve('the small pipeline asks for no approval'),
        print: (line) => lines.push(line),
        show: () => undefined,
        signal: new AbortController().signal,
      });
      return {
        ...{ code: status === 'Succeeded' ? 0 : 1, rightCode: 0, live: 'old' },
        says: restartedWith(step),
        output: [...lines, ...summary(recorder)].join('\n'),
      };
    },
  },
];

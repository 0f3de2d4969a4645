import './without-node-notice';
import { command } from './command';
import { asLocal, LOCAL_FOLDER } from './release/local';
import type { ReleaseOptions } from './release/release-now';
import { EXIT_HELP, fail } from './release/tool';

interface Options extends ReleaseOptions {
  readonly dir: string;
}

command('release')
  .description('Shift the traffic to what was deployed, or to another image alone')
  .requiredOption('--env <name>', 'environment')
  .option('--image <digest>', 'release this image and nothing else; "sha256:" and 64 digits')
  .option('--json', 'print the result as JSON')
  .option('--dir <folder>', 'folder of the local environment', LOCAL_FOLDER)
  .addHelpText('after', EXIT_HELP)
  .action(async ({ dir, ...options }: Options) => {
    if (asLocal(options.env, dir)) return;
    const { releaseNow } = await import('./release/release-now.js');
    await releaseNow(options);
  })
  .parseAsync()
  .catch(fail);

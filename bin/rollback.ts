import './without-node-notice';
import { command } from './command';
import { asLocal, LOCAL_FOLDER } from './release/local';
import type { RollbackOptions } from './release/go-back';
import { EXIT_HELP, fail } from './release/tool';

interface Options extends RollbackOptions {
  readonly dir: string;
}

command('rollback')
  .description('Go back: stop what runs, or bring up again what was live before')
  .requiredOption('--env <name>', 'environment')
  .option('--to <revision>', 'task definition to go back to; without it, what the live one replaced')
  .option('--json', 'print the result as JSON')
  .option('--dir <folder>', 'folder of the local environment', LOCAL_FOLDER)
  .addHelpText('after', EXIT_HELP)
  .action(async ({ dir, ...options }: Options) => {
    if (asLocal(options.env, dir)) return;
    const { goBack } = await import('./release/go-back.js');
    await goBack(options);
  })
  .parseAsync()
  .catch(fail);

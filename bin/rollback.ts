import * as path from 'node:path';
import { Command } from 'commander';
import { releaseClients } from '../lib/release/aws/clients';
import { compatibilityOf } from '../lib/release/compatibility';
import { rollback } from '../lib/release/rollback';
import { asLocal } from './release/local';
import { callerOf, placeOf, ROOT } from './release/place';
import { CLOCK, EXIT_HELP, fail, finish, stopSignal, tell } from './release/tool';

interface Options {
  readonly env: string;
  readonly to?: string;
  readonly json?: true;
  readonly dir: string;
}

new Command('rollback')
  .description('Go back: stop what runs, or bring up again what was live before')
  .requiredOption('--env <name>', 'environment')
  .option('--to <revision>', 'task definition to go back to; without it, what the live one replaced')
  .option('--json', 'print the result as JSON')
  .option('--dir <folder>', 'folder of the local environment', path.join(ROOT, '.local'))
  .addHelpText('after', EXIT_HELP)
  .action(async ({ env, to, json, dir }: Options) => {
    if (asLocal(env, dir)) return;
    const { account, region, appStack, dataStack, ...place } = placeOf(env);
    const tools = { clock: CLOCK, progress: tell };
    const result = await rollback({
      ...tools,
      ...{ clients: releaseClients({ region }), signal: stopSignal(), stack: appStack, environment: env },
      by: await callerOf({ account, region, appStack, dataStack, ...place }),
      compatibility: compatibilityOf({ account, stack: dataStack, access: { region }, ...tools }),
      ...(to !== undefined && { to }),
    });
    finish(result, json ?? false);
  })
  .parseAsync()
  .catch(fail);

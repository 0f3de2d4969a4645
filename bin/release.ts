import * as path from 'node:path';
import { Command } from 'commander';
import { releaseClients } from '../lib/release/aws/clients';
import { readDeployed } from '../lib/release/aws/deployed';
import { quickRelease } from '../lib/release/quick';
import { release } from '../lib/release/release';
import { asLocal } from './release/local';
import { callerOf, committedAt, placeOf, ROOT } from './release/place';
import { CLOCK, EXIT_HELP, fail, finish, stopSignal, tell } from './release/tool';

interface Options {
  readonly env: string;
  readonly image?: string;
  readonly json?: true;
  readonly dir: string;
}

new Command('release')
  .description('Shift the traffic to what was deployed, or to another image alone')
  .requiredOption('--env <name>', 'environment')
  .option('--image <digest>', 'release this image and nothing else; "sha256:" and 64 digits')
  .option('--json', 'print the result as JSON')
  .option('--dir <folder>', 'folder of the local environment', path.join(ROOT, '.local'))
  .addHelpText('after', EXIT_HELP)
  .action(async ({ env, image, json, dir }: Options) => {
    if (asLocal(env, dir)) return;
    const place = placeOf(env);
    const tools = {
      clients: releaseClients({ region: place.region }),
      clock: CLOCK,
      progress: tell,
      signal: stopSignal(),
    };
    const common = { ...tools, stack: place.appStack, environment: env, by: await callerOf(place) };
    if (image !== undefined) {
      finish(await quickRelease({ ...common, digest: image }), json ?? false);
      return;
    }
    const { version } = await readDeployed(tools.clients.cloudFormation, place.appStack, tools);
    const made = committedAt(version);
    finish(await release({ ...common, ...(made !== undefined && { committedAt: made }) }), json ?? false);
  })
  .parseAsync()
  .catch(fail);

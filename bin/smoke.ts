import './without-node-notice';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SYNTHETIC } from '../lib/identity/synthetic';
import { releaseClients } from '../lib/release/aws/clients';
import { readDeployed } from '../lib/release/aws/deployed';
import { Refused } from '../lib/release/errors';
import { smoke, smokeText, syntheticToken } from '../lib/release/smoke';
import { command } from './command';
import { addressOf, asLocal, LOCAL_FOLDER } from './release/local';
import { callerOf, placeOf } from './release/place';
import { CLOCK, fail, print, tell } from './release/tool';

interface Options {
  readonly env: string;
  readonly expect?: string;
  readonly json?: true;
  readonly dir: string;
}

command('smoke')
  .description('Try what serves an environment as its synthetic person does after each release')
  .requiredOption('--env <name>', 'environment')
  .option('--expect <version>', 'commit or version that has to answer; the deployed one when left out')
  .option('--json', 'print the report as JSON')
  .option('--dir <folder>', 'folder of the local environment', LOCAL_FOLDER)
  .addHelpText(
    'after',
    '\nExit codes:\n  0  every check passed\n  1  one did not\n  2  refused; nothing was asked',
  )
  .action(async ({ env, expect, json, dir }: Options) => {
    if (asLocal(env, dir)) return;
    const place = placeOf(env);
    await callerOf(place);
    const { region } = place;
    const { cloudFormation } = releaseClients({ region });
    const { url, version, signIn } = await readDeployed(cloudFormation, place.appStack, {
      clock: CLOCK,
      progress: tell,
    });
    if (signIn === undefined)
      throw new Refused(
        `${place.appStack} was deployed before there was a synthetic person: deploy it first.`,
      );
    const lambda = new LambdaClient({ region });
    const report = await smoke({
      baseUrl: addressOf(env, dir, url),
      expectVersion: expect ?? version,
      patientId: SYNTHETIC.patientId,
      fetch,
      clock: CLOCK,
      signIn: () => syntheticToken(lambda, signIn),
    });
    print(json ? JSON.stringify(report, undefined, 2) : smokeText(report));
    if (!report.passed) process.exitCode = 1;
  })
  .parseAsync()
  .catch(fail);

import './without-node-notice';
import { InvalidArgumentError } from 'commander';
import { releaseClients } from '../lib/release/aws/clients';
import { readDeployed } from '../lib/release/aws/deployed';
import { deliveryMetrics } from '../lib/release/records/metrics';
import { readRecords } from '../lib/release/records/store';
import { historyText, metricsText } from '../lib/release/records/text';
import { command } from './command';
import { asLocal, LOCAL_FOLDER } from './release/local';
import { callerOf, placeOf } from './release/place';
import { CLOCK, fail, print, tell } from './release/tool';

interface Options {
  readonly env: string;
  readonly metrics?: true;
  readonly days: number;
  readonly limit: number;
  readonly json?: true;
  readonly dir: string;
}

const DAY_MS = 86_400_000;
/** Far more than anybody releases in the days that are asked for. */
const MOST = 1_000;

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 9999.');
  return Number(text);
}

command('releases')
  .description('Tell what was released: version, who, when, how long, how it ended')
  .requiredOption('--env <name>', 'environment')
  .option('--metrics', 'lead time, deployment frequency, change failure rate and time to restore')
  .option('--days <number>', 'days that the measures are over', count, 30)
  .option('--limit <number>', 'how many to list', count, 20)
  .option('--json', 'print as JSON')
  .option('--dir <folder>', 'folder of the local environment', LOCAL_FOLDER)
  .action(async ({ env, metrics, days, limit, json, dir }: Options) => {
    if (asLocal(env, dir)) return;
    const place = placeOf(env);
    await callerOf(place);
    const clients = releaseClients({ region: place.region });
    const patience = { clock: CLOCK, progress: tell };
    const { table } = await readDeployed(clients.cloudFormation, place.appStack, patience);
    if (metrics) {
      const since = new Date(CLOCK.date().getTime() - days * DAY_MS);
      const records = await readRecords(clients, table, { environment: env, limit: MOST, since }, patience);
      const measured = deliveryMetrics(records, days);
      print(json ? JSON.stringify(measured, undefined, 2) : metricsText(measured));
      return;
    }
    const records = await readRecords(clients, table, { environment: env, limit }, patience);
    print(json ? JSON.stringify(records, undefined, 2) : historyText(records, env));
  })
  .parseAsync()
  .catch(fail);

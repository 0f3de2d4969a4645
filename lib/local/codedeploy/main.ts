import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveControl } from '../supervisor/control';
import { Accounts } from './aws/accounts';
import { localEstate } from './aws/estate';
import { serveEcs } from './ecs/proxy';
import type { Behaviour } from './lifecycle/run';
import { openOffice } from './office';
import type { Clock } from './ports';
import { behaviourSchema, type Settings, settingsSchema } from './settings';

const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** Stands in for CodeDeploy until it is told to stop. */
async function main(settings: Settings): Promise<void> {
  let told = behaviourSchema.parse({});
  const behaviour = (): Behaviour => ({
    speed: told.speed,
    limitSpeed: told.limitSpeed ?? told.speed,
    switches: told.switches,
  });
  const estates = new Map(
    settings.places.map(({ cloud, supervisor }) => [
      cloud.account,
      localEstate(cloud, supervisor, () => told.alarmSpeed),
    ]),
  );
  const [first] = settings.places;
  if (first === undefined) throw new Error('The stand-in of CodeDeploy has no account to stand in.');
  const accounts = new Accounts(first.cloud);
  const office = await openOffice({
    port: settings.port,
    folder: settings.folder,
    estateOf: (account) => estates.get(account),
    accountOf: (caller) => accounts.of(caller),
    clock,
    behaviour,
  });
  const ecs = await serveEcs(settings);
  const leave = (): void => {
    ecs.closeAllConnections();
    void office.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  await serveControl(settings.folder, {
    status: () => ({ endpoint: office.endpoint, behaviour: told, deployments: office.desk.store.all() }),
    behaviour: (body) => {
      told = behaviourSchema.parse(body);
    },
    stop: () => {
      setImmediate(leave);
    },
  });
}

const file = process.argv[2] ?? '';
main(settingsSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')))).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});

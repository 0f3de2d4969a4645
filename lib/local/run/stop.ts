import * as fs from 'node:fs';
import { stopCodeDeploy } from '../codedeploy';
import { stopEmulator } from '../emulator';
import type { Folders } from '../folders';
import { stopPostgres } from '../postgres';
import { stopSupervisor } from '../supervisor';
import { locked } from './lock';
import type { Steps } from './steps';

/** Stops everything of an environment; its data stays. Nothing happens when nothing runs. */
export async function stop(folders: Folders, steps: Steps): Promise<void> {
  if (!fs.existsSync(folders.root)) return;
  await locked(folders.lockFile, async () => {
    await steps.run('CodeDeploy', () => stopCodeDeploy(folders.codeDeploy));
    await steps.run('load balancer and tasks', () => stopSupervisor(folders.supervisor, folders.tasks));
    await Promise.all([
      steps.run('local AWS', () => stopEmulator(folders.emulator)),
      steps.run('PostgreSQL', () => stopPostgres({ dir: folders.postgres })),
    ]);
  });
}

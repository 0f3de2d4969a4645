import { diffLocal } from '../deploy';
import { emulatorStatus } from '../emulator';
import type { Folders } from '../folders';
import { locked } from './lock';
import { readSummary } from './summary';

/**
 * Compares the sources with what runs.
 *
 * @param root - root of the repository
 * @throws Error when the environment does not run
 */
export async function diff(root: string, folders: Folders): Promise<{ same: boolean; text: string }> {
  const summary = readSummary(folders);
  const running =
    summary !== undefined && (await emulatorStatus(folders.emulator, summary.cloud.caFile)).healthy;
  if (!running) throw new Error('The local AWS does not run: run "npm start" first.');
  const { code, output } = await locked(folders.lockFile, () =>
    diffLocal({
      root,
      dir: folders.deployment,
      cloud: summary.cloud,
      database: { host: 'localhost', port: summary.database.port },
    }),
  );
  return { same: code === 0, text: output };
}

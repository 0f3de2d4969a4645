import * as fs from 'node:fs';
import * as path from 'node:path';
import { canonical } from '../chain/canonical';
import { evidenceFiles } from '../chain/files';
import {
  type Manifest,
  MANIFEST_FILE,
  type PassedOver,
  PUBLIC_KEY_FILE,
  SIGNATURE_FILE,
} from '../chain/model';
import { type Link, manifestOf, type SealOptions, signManifest } from '../chain/seal';
import { endOf } from './end';
import { Vault } from './vault';

/** What is published. */
export type PublishOptions = Omit<SealOptions, 'previous' | 'passedOver'> & {
  /** Where it goes. */
  readonly vault: Vault;
};

/** Where evidence was published. */
export interface Published extends Link {
  /** Places that could not be read, and why; absent where every one could. */
  readonly passedOver?: readonly PassedOver[];
}

/** Executions that run at once take a number each; more than this many in a row is something else. */
const ATTEMPTS = 20;
const AT_ONCE = 8;

/**
 * Seals an evidence folder onto the newest release of a vault, and puts it there. Its manifest is written first and on
 * condition that no other has the number: whoever comes second seals anew onto the one that won, so a chain never forks.
 * Called again after it was cut off it goes on where it was. A place that is taken and cannot be read is passed over, which
 * the manifest says: whoever spoils one place does not keep evidence from being sealed.
 * @throws Error when every number is taken by others
 */
export async function publish(folder: string, options: PublishOptions): Promise<Published> {
  const { vault, signer } = options;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { before, passedOver } = await endOf(vault);
    const begun = before && isSame(before.manifest, manifestOf(folder, options)) ? before : undefined;
    const manifest =
      begun?.manifest ??
      manifestOf(folder, { ...options, passedOver, ...(before && { previous: before.link }) });
    const link = await signManifest(folder, manifest, signer);
    const name = Vault.folder(link.sequence);
    const claimed = await vault.write(
      `${name}/${MANIFEST_FILE}`,
      fs.readFileSync(path.join(folder, MANIFEST_FILE)),
    );
    if (!claimed && begun === undefined) continue;
    await putAll(vault, folder, name);
    return { ...link, ...(manifest.passedOver && { passedOver: manifest.passedOver }) };
  }
  throw new Error(`${ATTEMPTS} numbers in a row were taken by others; nothing was published.`);
}

/** Whether a manifest is of the same evidence, whatever its place in the chain. */
function isSame(one: Manifest, other: Manifest): boolean {
  const content = ({ system, commit, environment, files }: Manifest): string =>
    canonical({ system, commit, environment: environment ?? null, files });
  return content(one) === content(other);
}

async function putAll(vault: Vault, folder: string, name: string): Promise<void> {
  const files = [SIGNATURE_FILE, PUBLIC_KEY_FILE, ...evidenceFiles(folder)];
  for (let index = 0; index < files.length; index += AT_ONCE)
    await Promise.all(
      files
        .slice(index, index + AT_ONCE)
        .map((file) => vault.write(`${name}/${file}`, fs.readFileSync(path.join(folder, file)))),
    );
}

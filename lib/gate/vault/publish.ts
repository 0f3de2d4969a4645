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
  /** Milliseconds between two looks at a manifest that another has not signed yet; half a second where absent. */
  readonly pause?: number;
};

/** Where evidence was published. */
export interface Published extends Link {
  /** Places that hold nothing sealed, and why; absent where there is none. */
  readonly passedOver?: readonly PassedOver[];
}

/** Executions that run at once take a number each; more than this many in a row is something else. */
const ATTEMPTS = 20;
const AT_ONCE = 8;

/**
 * Seals an evidence folder onto the newest release of a vault that is signed with the same key, and puts it there. Its manifest
 * is written first and on condition that no other has the number: whoever comes second seals anew onto the one that won, so a
 * chain never forks. Called again after it was cut off it goes on where it was. A place that is taken and holds nothing sealed
 * is passed over, which the manifest says: whoever spoils one place, or writes there what nobody sealed, neither keeps evidence
 * from being sealed nor gets into the chain.
 * @throws Error when every number is taken by others
 */
export async function publish(folder: string, options: PublishOptions): Promise<Published> {
  const { vault, signer, pause = 500 } = options;
  const publicKey = await signer.publicKey();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const end = await endOf(
      vault,
      publicKey,
      (found) => begunIn(folder, options, found) !== undefined,
      pause,
    );
    const begun = begunIn(folder, options, end);
    const manifest = begun ?? nextAfter(folder, options, end);
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

type Found = Awaited<ReturnType<typeof endOf>>;

/** What the manifest says that comes next. */
function nextAfter(
  folder: string,
  options: PublishOptions,
  { before, passedOver }: Pick<Found, 'before' | 'passedOver'>,
): Manifest {
  return manifestOf(folder, { ...options, passedOver, ...(before && { previous: before.link }) });
}

/**
 * The manifest of the same evidence that is there already: the newest that is signed, or one without a signature that is to the
 * byte what would be written in its place.
 */
function begunIn(
  folder: string,
  options: PublishOptions,
  { before, passedOver, unsigned }: Found,
): Manifest | undefined {
  if (before && isSame(before.manifest, manifestOf(folder, options))) return before.manifest;
  return unsigned
    .map(({ bytes, link }) => {
      const others = passedOver.filter(({ sequence }) => sequence !== link.sequence);
      const own = nextAfter(folder, options, { passedOver: others, ...(before && { before }) });
      return canonical(own) === bytes.toString('utf8') ? own : undefined;
    })
    .find((own) => own !== undefined);
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

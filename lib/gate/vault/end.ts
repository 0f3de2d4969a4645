import { setTimeout } from 'node:timers/promises';
import { fingerprint, isSignedBy } from '../chain/keys';
import { type PassedOver, SIGNATURE_FILE } from '../chain/model';
import { type Entry, UnreadableManifest, type Vault } from './vault';

/** Where a chain ends. */
interface End {
  /** The newest release whose manifest is signed with the key of the chain; absent where there is none. */
  readonly before?: Entry;
  /** Places after it that are taken and hold no such manifest, the lowest number first. */
  readonly passedOver: readonly PassedOver[];
  /** Manifests among these that have no signature: somebody may be about to write it, or was cut off. */
  readonly unsigned: readonly Entry[];
}

/** A manifest is signed right after its number is taken: looked at so often, it is left by who wrote it. */
const LOOKS = 5;

/**
 * Finds what the next release of a vault follows. A manifest without a signature is looked at several times, unless it is
 * the caller's own.
 * @param pause - milliseconds between two looks
 */
export async function endOf(
  vault: Vault,
  publicKey: string,
  isOwn: (end: End) => boolean,
  pause: number,
): Promise<End> {
  for (let look = 1; ; look += 1) {
    const end = await lookAt(vault, publicKey);
    if (end.unsigned.length === 0 || look === LOOKS || isOwn(end)) return end;
    await setTimeout(pause);
  }
}

async function lookAt(vault: Vault, publicKey: string): Promise<End> {
  const passedOver: PassedOver[] = [];
  const unsigned: Entry[] = [];
  for (const folder of (await vault.folders()).toReversed()) {
    const pass = (words: string): unknown => passedOver.unshift({ sequence: Number(folder), words });
    try {
      const entry = await vault.manifest(folder);
      const signature = await signatureIn(vault, folder);
      if (signature === undefined) {
        unsigned.push(entry);
        pass('has no signature');
      } else if (isSignedBy(publicKey, entry.bytes, signature))
        return { before: entry, passedOver, unsigned };
      else pass(`is not signed with the key ${fingerprint(publicKey)}`);
    } catch (error) {
      if (!(error instanceof UnreadableManifest)) throw error;
      pass(error.words);
    }
  }
  return { passedOver, unsigned };
}

async function signatureIn(vault: Vault, folder: string): Promise<Buffer | undefined> {
  return vault.read(`${folder}/${SIGNATURE_FILE}`).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  });
}

/** What publishing says of places that it passed over. */
export function wordsOf(passedOver: readonly PassedOver[] = []): readonly string[] {
  return passedOver.map(
    ({ sequence, words }) =>
      `Number ${sequence} holds no sealed manifest (${words}): it was passed over, as the new manifest says.`,
  );
}

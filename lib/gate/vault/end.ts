import type { Manifest, PassedOver } from '../chain/model';
import type { Link } from '../chain/seal';
import { UnreadableManifest, type Vault } from './vault';

/** Where a chain ends. */
interface End {
  /** The newest release whose manifest can be read; absent where there is none. */
  readonly before?: { readonly manifest: Manifest; readonly link: Link };
  /** Places after it that are taken and cannot be read, the lowest number first. */
  readonly passedOver: readonly PassedOver[];
}

/** Finds what the next release of a vault follows. */
export async function endOf(vault: Vault): Promise<End> {
  const passedOver: PassedOver[] = [];
  for (const folder of (await vault.folders()).toReversed())
    try {
      return { before: await vault.manifest(folder), passedOver };
    } catch (error) {
      if (!(error instanceof UnreadableManifest)) throw error;
      passedOver.unshift({ sequence: Number(folder), words: error.words });
    }
  return { passedOver };
}

/** What publishing says of places that it passed over. */
export function wordsOf(passedOver: readonly PassedOver[] = []): readonly string[] {
  return passedOver.map(
    ({ sequence, words }) =>
      `Number ${sequence} holds no manifest that can be read (${words}): it was passed over, as the new manifest says.`,
  );
}

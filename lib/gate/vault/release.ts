import type { Finding, Manifest } from '../chain/model';
import type { Link } from '../chain/seal';
import type { Trust } from '../chain/verify';
import { fetchVerified, type Retention } from './audit';
import { Vault } from './vault';

/** By what evidence in a vault is judged. */
export interface Judged {
  /** Where it lies. */
  readonly vault: Vault;
  /** The key that has to have signed. */
  readonly trust: Trust;
  /** How long it has to stay. */
  readonly retention: Retention;
}

/** How a step tells the next ones which release it means: `000042@<SHA-256 of the manifest>`. */
export function linkText({ sequence, sha256 }: Link): string {
  return `${Vault.folder(sequence)}@${sha256}`;
}

/**
 * Reads what {@link linkText} wrote.
 * @throws Error when it is something else, as when nothing was sealed
 */
export function readLink(text: string): Link {
  const [, number, sha256] = /^(\d{6,})@([0-9a-f]{64})$/.exec(text) ?? [];
  if (number === undefined || sha256 === undefined)
    throw new Error(
      `"${text}" names no sealed evidence, expected <number>@<SHA-256>: the seal step has to come first.`,
    );
  return { sequence: Number(number), sha256 };
}

/**
 * Fetches the evidence of one release into a folder that is not there yet, and recomputes it: its files, signature and
 * locks, that it is the one that is meant, and that it is chained to the one before.
 * @returns everything that is wrong
 * @throws Error when it is not there
 */
export async function fetchRelease(
  { sequence, sha256 }: Link,
  folder: string,
  { vault, trust, retention }: Judged,
): Promise<readonly Finding[]> {
  const name = Vault.folder(sequence);
  const { findings, releases } = await fetchVerified(
    vault.only(name),
    folder,
    { ...trust, head: sha256 },
    retention,
  );
  const manifest = releases[0]?.manifest;
  if (manifest === undefined) return findings;
  const before = await digestBefore(vault, manifest);
  return manifest.sequence === sequence && manifest.previous === before
    ? findings
    : [
        ...findings,
        {
          flaw: 'broken-link',
          place: name,
          words: `is number ${manifest.sequence} and names ${manifest.previous ?? 'none'} before it where ${before ?? 'none'} is`,
        },
      ];
}

/** SHA-256 of the manifest that a release has to name as the one before: what it passed over is none. */
async function digestBefore(vault: Vault, { sequence, passedOver = [] }: Manifest): Promise<string | null> {
  const unread = new Set(passedOver.map((one) => one.sequence));
  let number = sequence - 1;
  while (unread.has(number)) number -= 1;
  return number === 0 ? null : (await vault.manifest(Vault.folder(number))).link.sha256;
}

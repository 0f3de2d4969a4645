import type { Finding } from '../chain/model';
import type { Link } from '../chain/seal';
import { written } from './place';
import { fetchRelease, type Judged, linkText, readLink } from './release';
import { Vault } from './vault';

/**
 * Which evidence of the chain is that of a release: for each environment a folder, by its construct path, with a folder for
 * each release that names its evidence in a file. Anyone who can push can have the chain grow by evidence that says what
 * they like; these folders are written by each environment's publisher alone, which runs after the approval.
 */
const FILE = 'link';

/**
 * Tells that evidence of the chain is that of a release to an environment. Called again it changes nothing.
 * @param baselines - where that is told
 */
export async function tellReleased(environment: string, link: Link, baselines: Vault): Promise<void> {
  await baselines.write(`${environment}/${Vault.folder(link.sequence)}/${FILE}`, Buffer.from(linkText(link)));
}

/**
 * Fetches the evidence of the last release to an environment into a folder that is not there yet.
 * @param baselines - where it is told what was released
 * @returns its place in the chain and everything that is wrong with it; undefined when nothing was released there yet
 * @throws Error when what is told there names no evidence
 */
export async function fetchLastReleased(
  environment: string,
  folder: string,
  judged: Judged,
  baselines: Vault,
): Promise<{ readonly link: Link; readonly findings: readonly Finding[] } | undefined> {
  const own = baselines.only(environment);
  const name = (await own.folders()).at(-1);
  if (name === undefined) return undefined;
  const link = linkAt(await own.read(`${name}/${FILE}`), `${written(own.place)}/${name}/${FILE}`);
  const findings = await fetchRelease(link, folder, judged);
  const { manifest } = await judged.vault.manifest(Vault.folder(link.sequence));
  if (manifest.environment === environment) return { link, findings };
  const words = `is told to be a release to ${environment}, and is one to ${manifest.environment ?? 'none'}`;
  return {
    link,
    findings: [...findings, { flaw: 'broken-link', place: Vault.folder(link.sequence), words }],
  };
}

function linkAt(bytes: Buffer, place: string): Link {
  try {
    return readLink(bytes.toString('utf8'));
  } catch (error) {
    throw new Error(`${place} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

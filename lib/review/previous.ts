import { compareWith } from '../gate/evidence/compare';
import { EvidenceFolderError } from '../gate/evidence/read';
import type { Diff } from '../gate/report/model';
import { fetchLastReleased } from '../gate/vault/baselines';
import { type Judged, linkText } from '../gate/vault/release';
import type { Vault } from '../gate/vault/vault';
import { type ReleaseContents, stackName } from './release';

/** The evidence of the last release to an environment. */
export interface PreviousRelease {
  /** How the vault names it: its number, and the SHA-256 of its manifest. */
  readonly name: string;
  /** Folder that it was fetched into. */
  readonly folder: string;
  /** What is wrong with it, in sentences. */
  readonly flaws: readonly string[];
}

/** What a comparison came to. */
export interface Comparison {
  /** What changed; absent where nothing could be compared. */
  readonly diff?: Diff;
  /** Why the evidence of the last release was not compared with, in sentences. */
  readonly unfit: readonly string[];
}

/**
 * Fetches the evidence of the last release to an environment, and recomputes it.
 * @param stage - construct path of the environment's stage, by which the vault knows it
 * @param folder - where it goes; not there yet
 * @param baselines - where the vault tells what was released, which no step before an approval may write
 * @returns undefined where the vault has none, as before the first release
 * @throws Error when the vault cannot be read
 */
export async function fetchPrevious(
  stage: string,
  folder: string,
  judged: Judged,
  baselines: Vault,
): Promise<PreviousRelease | undefined> {
  const last = await fetchLastReleased(stage, folder, judged, baselines);
  return (
    last && {
      name: linkText(last.link),
      folder,
      flaws: last.findings.map(({ flaw, place, words }) => `${flaw} ${place}: ${words}.`),
    }
  );
}

/**
 * What changed since the last release, by its evidence. Evidence that is not whole is compared with nothing: whoever
 * altered it would say what the approver sees. A report of a form that this version does not know is not either.
 */
export function comparisonWith(
  previous: PreviousRelease,
  { report, templates }: Pick<ReleaseContents, 'report' | 'templates'>,
  stage: string,
): Comparison {
  if (previous.flaws.length > 0)
    return { unfit: previous.flaws.map((flaw) => `The evidence ${previous.name} is not whole: ${flaw}`) };
  try {
    const diff = compareWith(previous.folder, report, (stack) => {
      const template = templates.get(stackName(stage, stack));
      return template && { ...template };
    });
    return { diff, unfit: [] };
  } catch (error) {
    if (!(error instanceof EvidenceFolderError)) throw error;
    return { unfit: [`The evidence ${previous.name} is whole and cannot be compared: ${error.message}`] };
  }
}

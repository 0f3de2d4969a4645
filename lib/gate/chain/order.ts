import type { Finding, Flaw, Manifest } from './model';

/** A release of a chain whose manifest could be read. */
export interface Placed {
  /** Name of its folder. */
  readonly place: string;
  /** What its manifest says. */
  readonly manifest: Manifest;
  /** SHA-256 of its manifest. */
  readonly sha256: string;
  /** Whether its signature is by the key that is trusted. */
  readonly signed: boolean;
}

/**
 * What is wrong with how releases follow each other.
 * @param places - the folders of the chain, those whose manifest cannot be read too
 */
export function chainFlaws(releases: readonly Placed[], places: readonly string[]): readonly Finding[] {
  const bySequence = inChain(releases).toSorted((a, b) => a.manifest.sequence - b.manifest.sequence);
  const findings = bySequence.flatMap((release, index) => [
    ...linkFlaws(release, bySequence[index - 1]),
    ...flawsOfPassing(release, places),
  ]);
  // Names tell the order to people: one that was renamed misleads them.
  const byName = inChain(releases).map(({ place }) => place);
  const misplaced = bySequence.find(({ place }, index) => place !== byName[index]);
  if (misplaced)
    findings.push({
      flaw: 'gap',
      place: misplaced.place,
      words: `is out of order: it is number ${misplaced.manifest.sequence} of the chain, and its name says otherwise`,
    });
  return findings;
}

/** Releases without those that are not signed and that one which is has passed over: what is wrong with them is told of each. */
function inChain(releases: readonly Placed[]): readonly Placed[] {
  const passed = new Set(
    releases
      .filter(({ signed }) => signed)
      .flatMap(({ manifest: { passedOver = [] } }) => passedOver.map(({ sequence }) => sequence)),
  );
  return releases.filter(({ signed, manifest }) => signed || !passed.has(manifest.sequence));
}

function linkFlaws({ place, manifest }: Placed, before: Placed | undefined): readonly Finding[] {
  const { sequence, previous, system } = manifest;
  const tell = (flaw: Flaw, words: string): Finding => ({ flaw, place, words });
  if (before === undefined) {
    if (!isNext(manifest, 0)) return [tell('truncated', `is number ${sequence}, and nothing is before it`)];
    return previous === null ? [] : [tell('broken-link', 'is the first and names one before it')];
  }
  const foreign =
    before.manifest.system === system
      ? []
      : [tell('broken-link', `is of ${system} where the one before is of ${before.manifest.system}`)];
  const number = before.manifest.sequence;
  if (number === sequence) return [...foreign, tell('fork', `is number ${sequence}, as ${before.place} is`)];
  if (!isNext(manifest, number))
    return [...foreign, tell('gap', `is number ${sequence}, and number ${number} is before it`)];
  if (previous === before.sha256) return foreign;
  const named = `names ${previous ?? 'none'} before it where ${before.place} is ${before.sha256}`;
  return [...foreign, tell('broken-link', named)];
}

/** Whether a release comes right after a number: every one between was passed over when it was sealed. */
function isNext({ sequence, passedOver = [] }: Manifest, number: number): boolean {
  const between = new Set(passedOver.map((one) => one.sequence).filter((n) => n > number && n < sequence));
  return between.size === sequence - number - 1;
}

/** What a release passed over has to lie there still: its own flaw is told where it lies. */
function flawsOfPassing(
  { place, manifest: { passedOver = [] } }: Placed,
  places: readonly string[],
): readonly Finding[] {
  return passedOver
    .filter(({ sequence }) => !places.some((name) => Number(name) === sequence))
    .map(({ sequence, words }) => ({
      ...{ flaw: 'gap', place },
      words: `passed over number ${sequence} (${words}), which is not there`,
    }));
}

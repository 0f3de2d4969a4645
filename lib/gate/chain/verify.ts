import * as fs from 'node:fs';
import * as path from 'node:path';
import { REPORT_FILE } from '../report/model';
import { canonical, sha256 } from './canonical';
import { evidenceFiles } from './files';
import { asPem, fingerprint, isSignedBy } from './keys';
import {
  type Finding,
  type Flaw,
  type Manifest,
  MANIFEST_FILE,
  PUBLIC_KEY_FILE,
  SIGNATURE_FILE,
} from './model';
import { chainFlaws, type Placed } from './order';
import { readManifest } from './read';

/** What evidence is held against. */
export interface Trust {
  /** The public key that has to have signed, in PEM; got from elsewhere than the evidence. */
  readonly publicKey: string;
  /** SHA-256 of the newest manifest, as it was noted elsewhere: without it, newest releases can be cut off unseen. */
  readonly head?: string;
}

/** What a verification found. */
export interface Verified {
  /** Manifests that could be read, by their place. */
  readonly releases: readonly Placed[];
  /** Everything that is wrong; empty when nothing is. */
  readonly findings: readonly Finding[];
}

/**
 * Recomputes the evidence of one release, or of a folder that holds one folder for each release of a chain: every file,
 * every signature, every link. Nothing is written, and no input makes it throw but a folder or a key that cannot be read.
 * @throws Error when the folder holds no evidence, or the key is none
 */
export function verifyEvidence(folder: string, trust: Trust): Verified {
  fingerprint(trust.publicKey);
  const { places, strays } = contentOf(folder);
  const findings: Finding[] = [...strays];
  const releases = places.flatMap((place) => {
    const read = verifyRelease(path.join(folder, place), place, trust.publicKey);
    findings.push(...read.findings);
    const { manifest, sha256: digest, signed } = read;
    return manifest ? [{ place, manifest, sha256: digest, signed }] : [];
  });
  if (places.length > 1 || places[0] !== '') findings.push(...chainFlaws(releases, places));
  const newest = releases
    .filter(({ signed }) => signed)
    .toSorted((a, b) => a.manifest.sequence - b.manifest.sequence)
    .at(-1);
  if (trust.head !== undefined && newest?.sha256 !== trust.head)
    findings.push({
      flaw: 'truncated',
      // A folder of one release alone is named by its manifest: its own place is empty.
      place: newest === undefined || newest.place === '' ? MANIFEST_FILE : newest.place,
      words: `the newest manifest is ${newest?.sha256 ?? 'none'} where ${trust.head} was noted`,
    });
  return { releases, findings };
}

const STRAY = 'lies beside the releases and is the folder of none; a link is not followed';

/** The folders of releases, and what lies beside them; a folder of one release alone is its own place, the empty one. */
function contentOf(folder: string): {
  readonly places: readonly string[];
  readonly strays: readonly Finding[];
} {
  if (!fs.existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  if (!fs.statSync(folder).isDirectory())
    throw new Error(`${folder} is a file, expected the folder of a release, or one that holds such folders.`);
  if (fs.existsSync(path.join(folder, MANIFEST_FILE))) return { places: [''], strays: [] };
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const named = (isPlace: boolean): readonly string[] =>
    entries
      .filter((entry) => entry.isDirectory() === isPlace)
      .map(({ name }) => name)
      .sort();
  const places = named(true);
  if (!places.some((place) => fs.existsSync(path.join(folder, place, MANIFEST_FILE))))
    throw new Error(
      fs.existsSync(path.join(folder, REPORT_FILE))
        ? `${folder} holds evidence that is not sealed, so nothing shows whether it was altered. To seal it: npm run evidence -- sign ${folder}; npm run evidence -- --all writes it sealed.`
        : `${folder} holds no evidence: neither a ${MANIFEST_FILE} nor folders that hold one.`,
    );
  const strays = named(false).map((place): Finding => ({ flaw: 'added', place, words: STRAY }));
  return { places, strays };
}

interface ReadRelease {
  readonly manifest?: Manifest;
  readonly sha256: string;
  readonly signed: boolean;
  readonly findings: readonly Finding[];
}

function verifyRelease(folder: string, place: string, publicKey: string): ReadRelease {
  const at = (file: string): string => (place === '' ? file : `${place}/${file}`);
  const findings: Finding[] = [];
  const tell = (flaw: Flaw, file: string, words: string): void =>
    void findings.push({ flaw, place: at(file), words });
  const bytes = readOrNothing(path.join(folder, MANIFEST_FILE));
  if (bytes === undefined) {
    tell('missing', MANIFEST_FILE, 'there is no manifest');
    return { sha256: '', signed: false, findings };
  }
  const signature = readOrNothing(path.join(folder, SIGNATURE_FILE));
  const beside = readOrNothing(path.join(folder, PUBLIC_KEY_FILE))?.toString('utf8');
  const signed = signature !== undefined && isSignedBy(publicKey, bytes, signature);
  if (signature === undefined) tell('unsigned', SIGNATURE_FILE, 'there is no signature');
  else if (!signed) tell('bad-signature', SIGNATURE_FILE, otherKey(beside, publicKey, bytes, signature));
  if (beside === undefined)
    tell('missing', PUBLIC_KEY_FILE, 'the key that it was sealed with does not lie beside');
  else if (beside !== asPem(publicKey))
    tell('altered', PUBLIC_KEY_FILE, `is not the key ${fingerprint(publicKey)}`);
  const digest = sha256(bytes);
  const manifest = parse(bytes, (flaw, words) => tell(flaw, MANIFEST_FILE, words));
  if (manifest === undefined) return { sha256: digest, signed, findings };
  compareFiles(folder, manifest, tell);
  return { manifest, sha256: digest, signed, findings };
}

/** @param beside - the key that lies with the manifest, if one does */
function otherKey(beside: string | undefined, publicKey: string, bytes: Buffer, signature: Buffer): string {
  const wanted = `is not by the key ${fingerprint(publicKey)} over this manifest`;
  try {
    return beside !== undefined && isSignedBy(beside, bytes, signature)
      ? `${wanted}: the key ${fingerprint(beside)} has signed it`
      : wanted;
  } catch {
    // The key that lies beside is none.
    return wanted;
  }
}

function parse(bytes: Buffer, tell: (flaw: Flaw, words: string) => void): Manifest | undefined {
  const manifest = readManifest(bytes);
  if (typeof manifest === 'string') {
    tell('unreadable', manifest);
    return undefined;
  }
  if (canonical(manifest) !== bytes.toString('utf8'))
    tell('not-canonical', 'is not in its canonical form (RFC 8785): its hash could be of other content');
  return manifest;
}

function compareFiles(
  folder: string,
  { files }: Manifest,
  tell: (flaw: Flaw, file: string, words: string) => void,
): void {
  const present = new Set(evidenceFiles(folder));
  for (const { path: file, bytes: length, sha256: expected } of files) {
    // A path that leads out of the folder names nothing of this evidence.
    const bytes = present.delete(file) ? readOrNothing(path.join(folder, file)) : undefined;
    if (bytes === undefined) tell('missing', file, 'is in the manifest and not in the folder');
    else if (bytes.length !== length)
      tell('altered', file, `has ${bytes.length} bytes where ${length} were sealed`);
    else {
      const found = sha256(bytes);
      if (found !== expected) tell('altered', file, `is ${found} where ${expected} was sealed`);
    }
  }
  for (const file of present) tell('added', file, 'is in the folder and not in the manifest');
}

function readOrNothing(file: string): Buffer | undefined {
  try {
    return fs.lstatSync(file).isFile() ? fs.readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}

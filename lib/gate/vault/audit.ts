import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { S3ServiceException } from '@aws-sdk/client-s3';
import type { Finding, Flaw } from '../chain/model';
import { type Trust, type Verified, verifyEvidence } from '../chain/verify';
import { written } from './place';
import type { Lock, Opened, Vault, Version } from './vault';

/** How long evidence has to stay as it is. */
export interface Retention {
  /** `COMPLIANCE`, or `GOVERNANCE` where the configuration says so: a stronger lock than asked for is right too. */
  readonly mode: 'COMPLIANCE' | 'GOVERNANCE';
  /** Years from the writing of each object; 164.316(b)(2)(i) asks for six. */
  readonly years: number;
}

const AT_ONCE = 16;

/**
 * Recomputes the evidence in a vault: what {@link verifyEvidence} does, and for every object that it is locked for long
 * enough, was written once, and was not deleted. Objects are read by their first version, the one that was locked when the
 * release was published. Nothing is written but a folder that is gone afterwards.
 * @throws Error when there is no evidence, the key is none, or S3 refuses
 */
export async function verifyVault(vault: Vault, trust: Trust, retention: Retention): Promise<Verified> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vault-'));
  try {
    return await fetchVerified(vault, folder, trust, retention);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Does what {@link verifyVault} does, and keeps what was read in a folder that is empty or not there. */
export async function fetchVerified(
  vault: Vault,
  folder: string,
  trust: Trust,
  retention: Retention,
): Promise<Verified> {
  const findings = [...(await settingsFlaws(vault, retention))];
  const objects = byFile(await vault.versions());
  if (objects.size === 0) throw new Error(`${written(vault.place)} holds nothing that you may see.`);
  const entries = [...objects];
  for (let index = 0; index < entries.length; index += AT_ONCE)
    for (const flaws of await Promise.all(
      entries
        .slice(index, index + AT_ONCE)
        .map(([file, all]) => fetchOne(vault, folder, file, all, retention)),
    ))
      findings.push(...flaws);
  const verified = verifyEvidence(folder, trust);
  return { ...verified, findings: [...findings, ...verified.findings] };
}

function byFile(versions: readonly Version[]): ReadonlyMap<string, readonly Version[]> {
  const found = new Map<string, Version[]>();
  for (const version of versions) found.set(version.file, [...(found.get(version.file) ?? []), version]);
  return found;
}

async function settingsFlaws(vault: Vault, { mode }: Retention): Promise<readonly Finding[]> {
  const { versioned, mode: found } = await vault.settings();
  const tell = (words: string): Finding => ({ flaw: 'not-retained', place: vault.place.bucket, words });
  return [
    ...(versioned ? [] : [tell('the bucket keeps no versions')]),
    ...(isLock(found, mode)
      ? []
      : [tell(`the bucket locks new objects by ${found ?? 'nothing'} where ${mode} is wanted`)]),
  ];
}

function isLock(found: string | undefined, wanted: Retention['mode']): boolean {
  return found === 'COMPLIANCE' || (found === 'GOVERNANCE' && wanted === 'GOVERNANCE');
}

/** Lays an object into the folder, and tells what is wrong with its versions and its lock. */
async function fetchOne(
  vault: Vault,
  folder: string,
  file: string,
  all: readonly Version[],
  retention: Retention,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const tell = (flaw: Flaw, words: string): void => void findings.push({ flaw, place: file, words });
  const [first, ...later] = all
    .filter(({ deletion }) => !deletion)
    .toSorted((a, b) => a.made.getTime() - b.made.getTime() || Number(a.latest) - Number(b.latest));
  for (const { id, made } of all.filter(({ deletion }) => deletion))
    tell('deleted', `has a delete marker (${id}) of ${made.toISOString()}`);
  for (const { id, made } of later)
    tell(
      'altered',
      `was written again at ${made.toISOString()} (version ${id}); version ${first?.id ?? ''} is verified`,
    );
  if (first === undefined) return findings;
  if (!isInside(folder, file)) {
    tell('added', 'has a name that no file of evidence has');
    return findings;
  }
  if (first.id === 'null') tell('not-retained', 'has no version id: it was written while versions were off');
  const read = await openOrName(vault, file, first.id);
  if (typeof read === 'string') {
    tell('unreadable', `S3 does not give it: ${read}`);
    return findings;
  }
  const short = lockFlaw(read.lock, first.made, retention);
  if (short !== undefined) tell('not-retained', short);
  if (!keep(path.join(folder, file), read.bytes)) tell('added', 'has a name that is also that of a folder');
  return findings;
}

/** Reads an object, or says by which name S3 refuses it. */
async function openOrName(vault: Vault, file: string, version: string): Promise<Opened | string> {
  try {
    return await vault.open(file, version);
  } catch (error) {
    if (error instanceof S3ServiceException) return error.name;
    throw error;
  }
}

function lockFlaw({ mode, until }: Lock, made: Date, retention: Retention): string | undefined {
  if (mode === undefined || until === undefined) return 'is not locked: it can be deleted at any time';
  if (!isLock(mode, retention.mode)) return `is locked by ${mode} where ${retention.mode} is wanted`;
  const wanted = new Date(made);
  wanted.setUTCFullYear(wanted.getUTCFullYear() + retention.years);
  return until < wanted
    ? `is locked until ${until.toISOString()} where ${wanted.toISOString()} is wanted (${retention.years} years)`
    : undefined;
}

/** Keys are no paths: one may hold `..`, or nothing between two slashes. */
function isInside(folder: string, file: string): boolean {
  return path.posix.normalize(file) === file && path.join(folder, file).startsWith(folder + path.sep);
}

/** Writes a file. @returns false where its name is also that of a folder */
function keep(file: string, bytes: Buffer): boolean {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes, { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

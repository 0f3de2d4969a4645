import * as path from 'node:path';
import { fingerprint, localSigner, readPublicKey } from '../../lib/gate/chain/keys';
import { type Link, type Signer, seal } from '../../lib/gate/chain/seal';
import { type Verified, verifyEvidence } from '../../lib/gate/chain/verify';
import { readEvidence } from '../../lib/gate/evidence/read';
import type { Report } from '../../lib/gate/report/model';
import { many } from '../../lib/gate/report/words';
import { type Retention, verifyVault } from '../../lib/gate/vault/audit';
import { isPlace, readPlace } from '../../lib/gate/vault/place';
import { wordsOf } from '../../lib/gate/vault/end';
import { publish } from '../../lib/gate/vault/publish';
import { Vault, vaultClient } from '../../lib/gate/vault/vault';
import { kmsSigner } from './kms-signer';
import { ROOT } from './surroundings';

const KEY_FILE = path.join(ROOT, '.cache/evidence-key/private.pem');

/** The signing key of this machine. */
export function localKey(): Signer {
  return localSigner(KEY_FILE);
}

/** Seals what was written, and says with which key. */
export async function sealed(
  folder: string,
  { system, commit }: Pick<Report, 'system' | 'commit'>,
  previous: Link | string | undefined,
  signer: Signer,
): Promise<void> {
  const options = { system, commit, signer, ...(previous !== undefined && { previous }) };
  const { sequence, files } = await seal(folder, options);
  const key = fingerprint(await signer.publicKey());
  console.log(`number ${sequence} of its chain: ${files.length} files sealed, signed with the key ${key}`);
}

/** Seals an evidence folder that is there already. */
export async function sign(
  folder: string,
  { previous, key }: { readonly previous?: string; readonly key?: string },
): Promise<void> {
  await sealed(folder, readEvidence(folder), previous, key === undefined ? localKey() : kmsSigner(key));
}

/** Seals an evidence folder onto the newest release in S3, and puts it there. */
export async function publishTo(
  folder: string,
  { to, key, environment }: { readonly to: string; readonly key?: string; readonly environment?: string },
): Promise<void> {
  const { system, commit } = readEvidence(folder);
  const signer = key === undefined ? localKey() : kmsSigner(key);
  const vault = new Vault(vaultClient(), readPlace(to));
  const named = environment === undefined ? {} : { environment };
  const options = { system, commit, signer, vault, ...named };
  const { sequence, sha256, passedOver } = await publish(folder, options);
  for (const line of wordsOf(passedOver)) console.log(line);
  console.log(`number ${sequence} of ${to}, signed with the key ${fingerprint(await signer.publicKey())}`);
  console.log(`newest manifest: ${sha256}`);
}

/** What evidence is held against, as it is told on the command line. */
interface VerifyOptions {
  readonly publicKey?: string;
  readonly key?: string;
  readonly head?: string;
  readonly lock: string;
  readonly years: string;
  readonly json?: boolean;
}

/** Recomputes evidence, in a folder or in S3, and tells what is wrong with it. */
export async function verify(place: string, options: VerifyOptions): Promise<void> {
  const { publicKey: file, key, head, json } = options;
  const retention = retentionOf(options);
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
    throw new Error(
      `--head is "${head}", expected 64 hexadecimal digits in lower case: the newest manifest, as verify or publish told it.`,
    );
  const publicKey =
    key !== undefined
      ? await kmsSigner(key).publicKey()
      : file === undefined
        ? await localKey().publicKey()
        : readPublicKey(file);
  const trust = { publicKey, ...(head !== undefined && { head }) };
  const verified = isPlace(place)
    ? await verifyVault(new Vault(vaultClient(), readPlace(place)), trust, retention)
    : verifyEvidence(place, trust);
  if (json === true) console.log(JSON.stringify(verified, undefined, 1));
  else for (const line of lines(verified, fingerprint(publicKey))) console.log(line);
  if (file === undefined && key === undefined && json !== true)
    console.log('The key is this machine’s own: name the pipeline’s with --public-key or --key.');
  if (verified.findings.length > 0) process.exitCode = 1;
}

function retentionOf({ lock, years: text }: VerifyOptions): Retention {
  const years = Number(text);
  if (lock !== 'COMPLIANCE' && lock !== 'GOVERNANCE')
    throw new Error(`--lock is ${lock}, expected COMPLIANCE or GOVERNANCE.`);
  if (!Number.isInteger(years) || years < 1)
    throw new Error(`--years is ${text}, expected a whole number of years.`);
  return { mode: lock, years };
}

function lines({ releases, findings }: Verified, key: string): readonly string[] {
  const files = releases.reduce((sum, { manifest }) => sum + manifest.files.length, 0);
  const newest = releases.at(-1);
  const seen = `${many(releases.length, 'release')}, ${many(files, 'file')}, key ${key}`;
  if (findings.length === 0)
    return [`whole: ${seen}`, ...(newest ? [`newest manifest: ${newest.sha256}`] : [])];
  return [
    `NOT WHOLE: ${findings.length === 1 ? '1 thing is' : `${findings.length} things are`} wrong (${seen})`,
    ...findings.map(({ flaw, place, words }) => `  ${flaw.padEnd(13)} ${place}: ${words}`),
  ];
}

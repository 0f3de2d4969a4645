import * as fs from 'node:fs';
import * as path from 'node:path';
import { fingerprint, localSigner } from '../../lib/gate/chain/keys';
import { type Signer, seal } from '../../lib/gate/chain/seal';
import { type Verified, verifyEvidence } from '../../lib/gate/chain/verify';
import { type Report, REPORT_FILE } from '../../lib/gate/report/model';
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
  previous: string | undefined,
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
  const file = path.join(folder, REPORT_FILE);
  if (!fs.existsSync(file)) throw new Error(`${folder} holds no ${REPORT_FILE}: it is no evidence.`);
  const report = JSON.parse(fs.readFileSync(file, 'utf8')) as Pick<Report, 'system' | 'commit'>;
  await sealed(folder, report, previous, key === undefined ? localKey() : kmsSigner(key));
}

/** Recomputes evidence and tells what is wrong with it. */
export async function verify(
  folder: string,
  options: { readonly publicKey?: string; readonly head?: string; readonly json?: boolean },
): Promise<void> {
  const { publicKey: file, head, json } = options;
  const publicKey = file === undefined ? await localKey().publicKey() : fs.readFileSync(file, 'utf8');
  const verified = verifyEvidence(folder, { publicKey, ...(head !== undefined && { head }) });
  if (json === true) console.log(JSON.stringify(verified, undefined, 1));
  else for (const line of lines(verified, fingerprint(publicKey))) console.log(line);
  if (file === undefined && json !== true)
    console.log('The key is this machine’s own: name the pipeline’s with --public-key.');
  if (verified.findings.length > 0) process.exitCode = 1;
}

function lines({ releases, findings }: Verified, key: string): readonly string[] {
  const files = releases.reduce((sum, { manifest }) => sum + manifest.files.length, 0);
  const newest = releases.at(-1);
  const seen = `${releases.length} releases, ${files} files, key ${key}`;
  if (findings.length === 0)
    return [`whole: ${seen}`, ...(newest ? [`newest manifest: ${newest.sha256}`] : [])];
  return [
    `NOT WHOLE: ${findings.length} things are wrong (${seen})`,
    ...findings.map(({ flaw, place, words }) => `  ${flaw.padEnd(13)} ${place}: ${words}`),
  ];
}

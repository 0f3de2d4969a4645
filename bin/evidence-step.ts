import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod';
import { addReleased } from '../lib/gate/evidence/released';
import { readEvidence } from '../lib/gate/evidence/read';
import { MANIFEST_FILE, PUBLIC_KEY_FILE, SIGNATURE_FILE } from '../lib/gate/chain/model';
import type { Link } from '../lib/gate/chain/seal';
import { fingerprint } from '../lib/gate/chain/keys';
import { tellReleased } from '../lib/gate/vault/baselines';
import { wordsOf } from '../lib/gate/vault/end';
import { publish } from '../lib/gate/vault/publish';
import { fetchRelease, linkText, readLink } from '../lib/gate/vault/release';
import { refusalsOf } from '../lib/gate/vault/refusals';
import { Refused } from '../lib/release/errors';
import { digestFile, DIGESTS_FOLDER, templateDigest } from '../lib/shared/template-digest';
import { baselinesOf, judgedBy, VAULT_VARIABLES } from './evidence/judged';
import { kmsSigner } from './evidence/kms-signer';
import { keepFiles } from './release/artifacts';
import { fail, print, readVariables } from './release/tool';

// What the pipeline's evidence steps run, bundled by `npm run build`. `seal` takes what the synth wrote to the vault,
// `verify` refuses a release that the sealed evidence does not allow, `publish` adds what the release left and tells that
// it was one. Each leaves what it says in the folder `sealed`; its file `outcome` names the evidence for the next step.
const variables = z.object({
  ACTION: z.enum(['seal', 'verify', 'publish']),
  ...VAULT_VARIABLES,
  COMMIT: z.string().min(1),
  EXECUTION: z.string().min(1),
  ENVIRONMENT: z.string().default(''),
  EVIDENCE: z.string().default(''),
});
type Told = z.output<typeof variables>;

/** Folder of the assembly, an input of the steps. */
const ASSEMBLY = 'assembly';
/** Folder that the steps leave. */
const LEFT = 'sealed';

async function main(): Promise<void> {
  const told = readVariables(variables);
  const act = { seal, verify, publish: publishReleased }[told.ACTION];
  await act(told);
}

async function seal(told: Told): Promise<void> {
  const written = path.join(ASSEMBLY, 'evidence');
  if (!fs.existsSync(written))
    throw new Refused('The synth left no evidence: nothing is sealed, and nothing is released.');
  const folder = path.join(LEFT, 'evidence');
  fs.cpSync(written, folder, { recursive: true });
  await put(told, folder, {});
}

async function verify(told: Told): Promise<void> {
  const folder = path.join(LEFT, 'evidence');
  const findings = await fetchRelease(readLink(told.EVIDENCE), folder, await judgedBy(told));
  const refusals = refusalsOf({
    ...{ folder, findings, assembly: ASSEMBLY, environment: told.ENVIRONMENT },
    ...{ commit: told.COMMIT, execution: told.EXECUTION, today: new Date().toISOString().slice(0, 10) },
  });
  keepFiles(LEFT, { 'refusals.json': refusals, outcome: refusals.length === 0 ? told.EVIDENCE : 'refused' });
  if (refusals.length > 0)
    throw new Refused(
      [`${told.ENVIRONMENT} is not released:`, ...refusals.map((line) => `  ${line}`)].join('\n'),
    );
  keepFiles(path.join(LEFT, DIGESTS_FOLDER), digests(folder));
  print(
    `${told.ENVIRONMENT} may be released: the evidence ${told.EVIDENCE} is whole, of this execution, and without open findings.`,
  );
}

/** What the evidence covers, for the guards: the digest of every stack's template, by its construct path. */
function digests(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readEvidence(folder).templates.map(({ path: stack, file }) => [
      digestFile(stack),
      templateDigest(fs.readFileSync(path.join(folder, file), 'utf8')),
    ]),
  );
}

async function publishReleased(told: Told): Promise<void> {
  const folder = path.join(LEFT, 'evidence');
  const findings = await fetchRelease(readLink(told.EVIDENCE), folder, await judgedBy(told));
  if (findings.length > 0)
    throw new Refused(
      `The evidence ${told.EVIDENCE} is not whole: ${findings[0]?.flaw ?? ''} ${findings[0]?.place ?? ''}.`,
    );
  for (const own of [MANIFEST_FILE, SIGNATURE_FILE, PUBLIC_KEY_FILE]) fs.rmSync(path.join(folder, own));
  addReleased(folder, told.ENVIRONMENT, '.');
  const link = await put(told, folder, { environment: told.ENVIRONMENT });
  await tellReleased(told.ENVIRONMENT, link, baselinesOf(told));
}

async function put(told: Told, folder: string, of: { readonly environment?: string }): Promise<Link> {
  const { system, commit } = readEvidence(folder);
  const signer = kmsSigner(told.SIGNING_KEY);
  const { vault } = await judgedBy(told);
  const { passedOver, ...link } = await publish(folder, { system, commit, signer, vault, ...of });
  for (const line of wordsOf(passedOver)) print(line);
  keepFiles(LEFT, { outcome: linkText(link) });
  print(
    `number ${link.sequence} of ${told.VAULT}, signed with the key ${fingerprint(await signer.publicKey())}`,
  );
  print(`newest manifest: ${link.sha256}`);
  return link;
}

main().catch(fail);

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { generateKeyPairSync, sign } from 'node:crypto';
import { seal, type Signer } from '../../lib/gate/chain/seal';
import { verifyEvidence } from '../../lib/gate/chain/verify';

const RELEASES = 1_000;
const BUDGET_MILLISECONDS = 5_000;
/** What the evidence of this application holds beside its templates: the report, its spreadsheets, its summary. */
const BYTES = [1_200_000, 60_000, 20_000, 20_000, 10_000];

/** Verifies a chain of a thousand releases, each with evidence of the size that this application's has. */
export async function benchChain(): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'chain-'));
  try {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const signer: Signer = {
      publicKey: () => Promise.resolve(pem),
      sign: (text) => Promise.resolve(sign('sha256', text, privateKey)),
    };
    let previous: string | undefined;
    for (let number = 1; number <= RELEASES; number += 1) {
      const folder = path.join(root, String(number).padStart(6, '0'));
      fs.mkdirSync(folder);
      BYTES.forEach((length, index) =>
        fs.writeFileSync(path.join(folder, `file-${index}`), Buffer.alloc(length, number % 256)),
      );
      const chained = previous === undefined ? {} : { previous };
      await seal(folder, { system: 'bench', commit: String(number), signer, ...chained });
      previous = folder;
    }
    const begun = performance.now();
    const { releases, findings } = verifyEvidence(root, { publicKey: pem });
    const took = performance.now() - begun;
    if (releases.length !== RELEASES || findings.length > 0) throw new Error('The chain is not whole.');
    const megabytes = (RELEASES * BYTES.reduce((sum, length) => sum + length, 0)) / 1e6;
    console.log(
      `${RELEASES} releases, ${megabytes.toFixed(0)} MB: ${(took / 1_000).toFixed(2)} s, ${(took / BUDGET_MILLISECONDS).toFixed(2)} of the budget, ${(megabytes / (took / 1_000)).toFixed(0)} MB a second`,
    );
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

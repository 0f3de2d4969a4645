import { generateKeyPairSync, sign } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { seal, type Signer } from '../../../lib/gate/chain/seal';

/** A signer with a key of its own, and that key. */
export function signerWithKey(): { readonly signer: Signer; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    publicKey: pem,
    signer: {
      publicKey: () => Promise.resolve(pem),
      sign: (text) => Promise.resolve(sign('sha256', text, privateKey)),
    },
  };
}

/** Writes a chain of releases, a folder for each. @returns the folders */
export async function writeChain(root: string, length: number, signer: Signer): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let number = 1; number <= length; number += 1) {
    const folder = path.join(root, String(number).padStart(6, '0'));
    fs.mkdirSync(path.join(folder, 'templates'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'report.json'), JSON.stringify({ number }));
    fs.writeFileSync(path.join(folder, 'templates/App.json'), `{"Resources":{"Of":${number}}}`);
    const previous = folders.at(-1);
    await seal(folder, {
      ...{ system: 'telehealth', commit: `c${number}`, signer },
      ...(previous !== undefined && { previous }),
    });
    folders.push(folder);
  }
  return folders;
}

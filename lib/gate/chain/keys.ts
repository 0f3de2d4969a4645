import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Signer } from './seal';

/**
 * A signing key in a file of this machine, made when it is not there: it proves nothing to anybody else.
 *
 * @param file - the private key, in PEM, for its owner only
 */
export function localSigner(file: string): Signer {
  if (!fs.existsSync(file)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    fs.writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  const key = fs.readFileSync(file, 'utf8');
  return {
    publicKey: () => Promise.resolve(asPem(key)),
    sign: (text) => Promise.resolve(sign('sha256', text, key)),
  };
}

/**
 * Reads a public key.
 *
 * @param file - in PEM
 * @throws Error when it is not there, or holds none
 */
export function readPublicKey(file: string): string {
  if (!fs.existsSync(file)) throw new Error(`There is no file ${file}, expected a public key in PEM.`);
  const text = fs.readFileSync(file, 'utf8');
  try {
    createPublicKey(text);
  } catch (error) {
    throw new Error(`${file} holds no public key, expected PEM: -----BEGIN PUBLIC KEY-----.`, {
      cause: error,
    });
  }
  return text;
}

/**
 * Whether a signature of a text is by a key.
 *
 * @param publicKey - in PEM
 * @throws Error when the key is none
 */
export function isSignedBy(publicKey: string, text: Uint8Array, signature: Uint8Array): boolean {
  return verify('sha256', text, createPublicKey(publicKey), signature);
}

/** A public key in the one form that a release is sealed with. */
export function asPem(publicKey: string): string {
  return createPublicKey(publicKey).export({ type: 'spki', format: 'pem' }).toString();
}

/** A short name of a public key, for comparing by eye: the first digits of the SHA-256 of its DER form. */
export function fingerprint(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

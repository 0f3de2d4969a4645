import * as fs from 'node:fs';
import * as path from 'node:path';
import { canonical, sha256 } from './canonical';
import { evidenceFiles } from './files';
import {
  LAST_NUMBER,
  type Manifest,
  MANIFEST_FILE,
  manifestSchema,
  type PassedOver,
  PUBLIC_KEY_FILE,
  SIGNATURE_FILE,
} from './model';

/** Signs; the private key never leaves where it is. */
export interface Signer {
  /** The public key, in PEM. */
  publicKey(): Promise<string>;
  /** Signs a text of a few kilobytes or more by its SHA-256. @returns the signature in DER */
  sign(text: Uint8Array): Promise<Uint8Array>;
}

/** A release in a chain. */
export interface Link {
  /** Its place. */
  readonly sequence: number;
  /** SHA-256 of its manifest. */
  readonly sha256: string;
}

/** What is sealed. */
export interface SealOptions {
  /** Whose evidence it is. */
  readonly system: string;
  /** Commit that it is of. */
  readonly commit: string;
  /** Environment that it was released to; absent for what was judged and not released yet. */
  readonly environment?: string;
  /** The release before, or the folder of its evidence; the chain begins where there is none. */
  readonly previous?: Link | string;
  /** Places after the release before that are taken and hold nothing sealed. */
  readonly passedOver?: readonly PassedOver[];
  /** Signs. */
  readonly signer: Signer;
}

/**
 * Writes the manifest of an evidence folder, chained to the one before, and signs it.
 * @returns the manifest
 * @throws Error when the folder before has no manifest that can be read
 */
export async function seal(folder: string, options: SealOptions): Promise<Manifest> {
  const manifest = manifestOf(folder, options);
  await signManifest(folder, manifest, options.signer);
  return manifest;
}

/**
 * What the manifest of a folder says; nothing is written.
 * @throws Error when the folder before has no manifest that can be read, or every number is taken
 */
export function manifestOf(folder: string, options: Omit<SealOptions, 'signer'>): Manifest {
  const { system, commit, environment, previous, passedOver = [] } = options;
  const before = typeof previous === 'string' ? linkOf(previous) : previous;
  return {
    schemaVersion: 1,
    ...{ system, commit },
    ...(environment !== undefined && { environment }),
    sequence: firstFree((before?.sequence ?? 0) + 1, passedOver),
    previous: before?.sha256 ?? null,
    ...(passedOver.length > 0 && { passedOver: [...passedOver] }),
    files: evidenceFiles(folder).map((file) => {
      const bytes = fs.readFileSync(path.join(folder, file));
      return { path: file, bytes: bytes.length, sha256: sha256(bytes) };
    }),
  };
}

/** @throws Error when every number is taken */
function firstFree(from: number, passedOver: readonly PassedOver[]): number {
  const taken = new Set(passedOver.map(({ sequence }) => sequence));
  for (let number = from; number <= LAST_NUMBER; number += 1) if (!taken.has(number)) return number;
  throw new Error(
    `Every number of the chain up to ${LAST_NUMBER} is taken: it has no place for another release.`,
  );
}

/** Writes a manifest into its folder, and beside it the signature and the key. @returns its place in the chain */
export async function signManifest(folder: string, manifest: Manifest, signer: Signer): Promise<Link> {
  const text = canonical(manifest);
  const signature = await signer.sign(Buffer.from(text));
  fs.writeFileSync(path.join(folder, MANIFEST_FILE), text);
  fs.writeFileSync(path.join(folder, SIGNATURE_FILE), signature);
  fs.writeFileSync(path.join(folder, PUBLIC_KEY_FILE), await signer.publicKey());
  return { sequence: manifest.sequence, sha256: sha256(text) };
}

/**
 * The place in its chain of evidence that is sealed.
 * @throws Error when its manifest is not there, or cannot be read
 */
export function linkOf(folder: string): Link {
  const file = path.join(folder, MANIFEST_FILE);
  if (!fs.existsSync(file))
    throw new Error(`${folder} holds no ${MANIFEST_FILE}: seal it first, or name the release before.`);
  const bytes = fs.readFileSync(file);
  let written: unknown;
  try {
    written = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
  const parsed = manifestSchema.safeParse(written);
  if (!parsed.success) throw new Error(`${file} is no manifest: ${parsed.error.issues[0]?.message ?? ''}.`);
  return { sequence: parsed.data.sequence, sha256: sha256(bytes) };
}

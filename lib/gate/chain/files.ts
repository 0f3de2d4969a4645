import * as fs from 'node:fs';
import * as path from 'node:path';
import { MANIFEST_FILE, PUBLIC_KEY_FILE, SIGNATURE_FILE } from './model';

const OWN: ReadonlySet<string> = new Set([MANIFEST_FILE, SIGNATURE_FILE, PUBLIC_KEY_FILE]);

/** Paths of the files within a folder, with slashes and sorted. A link counts as a file, whatever it leads to. */
export function filesIn(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/**
 * Paths of the evidence within a folder, without what the chain itself puts there. What a link leads to is not evidence of
 * this folder.
 */
export function evidenceFiles(folder: string): readonly string[] {
  return filesIn(folder).filter((file) => !OWN.has(file));
}

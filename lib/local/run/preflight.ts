import * as fs from 'node:fs';
import { missingForInstallation } from '../emulator';
import { FOLDER_VERSION, type Folders } from '../folders';

/** Emulator 109 MB, PostgreSQL's first database 40 MB, assemblies and logs; the rest is room to breathe. */
const NEEDED_BYTES = 700 * 1024 * 1024;

/**
 * Checks what a start needs before anything is started, and prepares the folder.
 *
 * @throws Error that names what is missing and how to get it
 */
export function preflight(folders: Folders): void {
  const python = missingForInstallation();
  if (python !== undefined) throw new Error(python);
  fs.mkdirSync(folders.root, { recursive: true, mode: 0o711 });
  const { bavail, bsize } = fs.statfsSync(folders.root);
  if (bavail * bsize < NEEDED_BYTES)
    throw new Error(
      `Only ${Math.floor((bavail * bsize) / 1024 / 1024)} MB are free where ${folders.root} is, and 700 are needed: make room, or choose another folder with --dir.`,
    );
  const version = fs.existsSync(folders.versionFile)
    ? fs.readFileSync(folders.versionFile, 'utf8').trim()
    : undefined;
  if (version !== undefined && version !== String(FOLDER_VERSION))
    throw new Error(
      `${folders.root} was made by another version of this program (layout ${version}, not ${FOLDER_VERSION}): run "npm run local -- destroy" and start again.`,
    );
  fs.writeFileSync(folders.versionFile, String(FOLDER_VERSION));
}

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Variable that names the folder which the test files of one run share. */
export const SHARED_FOLDER = 'TELEHEALTH_TEST_FOLDER';

/** Makes the folder, before the workers start. */
export function makeSharedFolder(): void {
  process.env[SHARED_FOLDER] = fs.mkdtempSync(path.join(os.tmpdir(), 'telehealth-tests-'));
}

/** Removes the folder, after the last test. */
export function removeSharedFolder(): void {
  const folder = process.env[SHARED_FOLDER];
  if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
}

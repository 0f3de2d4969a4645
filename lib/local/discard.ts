import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';

/**
 * Deletes a folder without waiting for it: what a build installs is tens of thousands of files. Its name is free at once.
 *
 * @param folder - what is deleted, where it is there
 * @param trash - folder of the same file system that it is moved to; what an earlier call did not come to the end of goes too
 */
export function discard(folder: string, trash: string): void {
  fs.mkdirSync(trash, { recursive: true });
  if (fs.existsSync(folder)) fs.renameSync(folder, `${trash}/${randomUUID()}`);
  const all = fs.readdirSync(trash).map((name) => `${trash}/${name}`);
  if (all.length > 0) spawn('rm', ['-rf', '--', ...all], { detached: true, stdio: 'ignore' }).unref();
}

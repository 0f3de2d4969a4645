import * as fs from 'node:fs';
import { isRunning, mark, type ProcessMark } from '../processes';

/** Whose lock it is, or nothing when the file is half written. */
function holderOf(file: string): ProcessMark | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as ProcessMark;
  } catch {
    return undefined;
  }
}

/**
 * Runs something that must not run twice at once in one folder.
 *
 * @throws Error when another process that still runs holds the lock
 */
export async function locked<T>(file: string, run: () => Promise<T>): Promise<T> {
  const take = (): boolean => {
    try {
      fs.writeFileSync(file, JSON.stringify(mark(process.pid)), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    }
  };
  if (!take()) {
    const holder = holderOf(file);
    if (holder !== undefined && isRunning(holder))
      throw new Error(
        `Another command (process ${holder.pid}) is at work on this environment: wait for it to end.`,
      );
    fs.rmSync(file, { force: true });
    if (!take()) throw new Error('Another command has just begun on this environment: wait for it to end.');
  }
  try {
    return await run();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

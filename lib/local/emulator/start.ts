import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as https from 'node:https';
import * as path from 'node:path';
import { WITHOUT_NODE_NOTICE } from '../cloud';
import type { Authority } from '../authority';
import { isFree } from '../ports';
import { endProcess, isRunning, mark } from '../processes';
import { installEmulator } from './install';
import { type EmulatorRecord, readRecord, writeRecord } from './record';
import { prepareState, type EmulatorFolders, emulatorFolders } from './state';

const START_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 20_000;

/** What a local AWS is started with. */
export interface EmulatorOptions {
  /** Folder for its state, logs and temporary files. */
  readonly dir: string;
  /** Folder that holds its installation, shared by all local environments. */
  readonly cacheDir: string;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** Signs its certificate. */
  readonly authority: Authority;
  /** `node_modules` that functions find the AWS SDK in, which Lambda's own runtime carries. */
  readonly nodeModules: string;
  /** What functions find in their environment besides: where stand-ins of other services answer. */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** A running local AWS. */
export interface Emulator {
  /** Its address. */
  readonly endpoint: string;
  /** The authority to trust there, PEM. */
  readonly caFile: string;
  /** Its process. */
  readonly pid: number;
  /** Whether its state had to be begun anew, because the last run ended without saving it. */
  readonly fresh: boolean;
}

/** What is known of a local AWS that may or may not run. */
export interface EmulatorStatus {
  /** Whether it runs and answers. */
  readonly healthy: boolean;
  /** Its process, when one runs. */
  readonly pid?: number;
  /** Its address, when one runs. */
  readonly endpoint?: string;
  /** Its log. */
  readonly logFile: string;
}

/**
 * Starts the local AWS on 127.0.0.1 over HTTPS with IAM enforced, installing it first when it is not there.
 * One that already runs and answers on the port is left as it is. It outlives the caller.
 *
 * @throws Error when the port is taken or it does not answer in time, with the end of its log
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const folders = emulatorFolders(options.dir);
  const { caFile } = options.authority;
  const endpoint = `https://127.0.0.1:${options.port}`;
  const running = readRecord(folders.recordFile);
  if (running && isRunning(running.process)) {
    if (running.port === options.port && (await answers(running.port, caFile)))
      return { endpoint, caFile, pid: running.process.pid, fresh: false };
    await end(running);
  }
  if (!(await isFree(options.port)))
    throw new Error(
      `Port ${options.port} on 127.0.0.1 is taken by another program: stop it or choose another port.`,
    );
  const installation = installEmulator({ cacheDir: options.cacheDir });
  const fresh = prepareState(folders);
  const { certFile, keyFile } = await options.authority.certificate('emulator', ['127.0.0.1', 'localhost']);

  const log = fs.openSync(folders.logFile, 'a', 0o600);
  const startedAt = Date.now();
  const child = spawn(installation.python, ['-m', 'ministack'], {
    cwd: folders.temporary,
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...environmentOf(folders, options),
      ...installation.environment,
      MINISTACK_SSL_CERT: certFile,
      MINISTACK_SSL_KEY: keyFile,
      NODE_EXTRA_CA_CERTS: caFile,
      AWS_CA_BUNDLE: caFile,
      SSL_CERT_FILE: caFile,
    },
  });
  fs.closeSync(log);
  if (child.pid === undefined)
    throw new Error(`The emulator could not be started: ${installation.python} does not run.`);
  child.unref();
  const record = { process: mark(child.pid), port: options.port, startedAt };
  writeRecord(folders.recordFile, record);

  while (!(await answers(options.port, caFile))) {
    if (!isRunning(record.process) || Date.now() - startedAt > START_DEADLINE_MS) {
      await end(record);
      fs.rmSync(folders.recordFile, { force: true });
      throw new Error(`The emulator did not start on port ${options.port}:\n${logTail(folders.logFile)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { endpoint, caFile, pid: child.pid, fresh };
}

/** Stops the local AWS of a folder; it saves its state first. Nothing happens when none runs. */
export async function stopEmulator(dir: string): Promise<void> {
  const folders = emulatorFolders(dir);
  const record = readRecord(folders.recordFile);
  if (!record) return;
  await end(record);
  fs.rmSync(folders.temporary, { recursive: true, force: true });
}

/** Whether the local AWS of a folder runs and answers, and where. */
export async function emulatorStatus(dir: string, caFile: string): Promise<EmulatorStatus> {
  const folders = emulatorFolders(dir);
  const record = readRecord(folders.recordFile);
  if (!record || !isRunning(record.process)) return { healthy: false, logFile: folders.logFile };
  return {
    healthy: await answers(record.port, caFile),
    pid: record.process.pid,
    endpoint: `https://127.0.0.1:${record.port}`,
    logFile: folders.logFile,
  };
}

/** A clean environment: functions inherit all of it, so nothing of the user's may be in it. */
function environmentOf(folders: EmulatorFolders, options: EmulatorOptions): Record<string, string> {
  return {
    PATH: `${path.dirname(process.execPath)}${path.delimiter}/usr/local/bin:/usr/bin:/bin`,
    HOME: folders.temporary,
    TMPDIR: folders.temporary,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    NODE_PATH: options.nodeModules,
    AUTH: 'true',
    USE_SSL: '1',
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(options.port),
    MINISTACK_HOST: '127.0.0.1',
    PERSIST_STATE: '1',
    STATE_DIR: folders.state,
    S3_PERSIST: '1',
    S3_DATA_DIR: folders.objects,
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    LOG_LEVEL: 'WARNING',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...WITHOUT_NODE_NOTICE,
    ...options.standIns,
  };
}

function answers(port: number, caFile: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = https.get(
      { host: '127.0.0.1', port, path: '/_ministack/health', ca: fs.readFileSync(caFile), timeout: 2000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve(false);
    });
  });
}

/** Ends the emulator, and then what it started: its functions' workers are of the process group that it leads. */
async function end(record: EmulatorRecord): Promise<void> {
  if (!isRunning(record.process)) return;
  await endProcess(record.process, STOP_GRACE_MS);
  try {
    process.kill(-record.process.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}

function logTail(file: string): string {
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}

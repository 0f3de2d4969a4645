import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Authority } from '../authority';
import { isFree } from '../ports';
import { serverAccount, type Account } from './account';
import { findBinaries } from './binaries';
import { configure, ensureCluster, environment } from './cluster';
import { placeOf, settle, type Place } from './place';
import { forgetDeadServer, runningServer, until, type Postmaster } from './process';
import { ensureAccess, giveMasterPassword, type Access } from './roles';

/** How to start a server. */
export interface StartPostgres extends Access {
  /** Folder of this server's data, log and state; each environment has its own. */
  readonly dir: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Authority whose certificate the server shows, for `localhost` and 127.0.0.1. */
  readonly authority: Authority;
}

/** A server that takes connections. */
export interface RunningPostgres {
  /** Address that the certificate is valid for. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Process id of the server. */
  readonly pid: number;
}

/** Whether a folder's server runs. */
export type PostgresStatus =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting' | 'running'; readonly pid: number; readonly port: number };

const START_MS = 60_000; // recovery after a kill replays the log first
const STOP_MS = 15_000;

/**
 * Starts PostgreSQL, or keeps the one that runs, with the master user and the database in place. The server outlives
 * this process; {@link stopPostgres} ends it. Data is kept between starts. Every error says in one sentence
 * what to do.
 */
export async function startPostgres(options: StartPostgres): Promise<RunningPostgres> {
  const binaries = findBinaries();
  const account = serverAccount();
  const { place, bin } = settle(options.dir, binaries, account);
  ensureCluster(place, bin, binaries.major, account);

  const certificate = await options.authority.certificate('database', ['localhost', '127.0.0.1']);
  const running = runningServer(place.data);
  if (running && running.port !== options.port) await stopPostgres(options);
  configure(place, account, { port: options.port, certificate, masterUser: options.masterUser });
  let server = runningServer(place.data);
  if (server) process.kill(server.pid, 'SIGHUP');
  else server = await launch(place, bin, account, options.port);
  await ensureAccess(place, { port: options.port, caFile: options.authority.caFile }, options);
  return { host: '127.0.0.1', port: options.port, pid: server.pid };
}

/** Gives the master user of a running server the password that the managed secret holds. */
export function setMasterPassword(
  options: Pick<StartPostgres, 'dir' | 'port' | 'authority' | 'masterUser'>,
  password: string,
): Promise<void> {
  const server = { port: options.port, caFile: options.authority.caFile };
  return giveMasterPassword(placeOf(options.dir), server, options.masterUser, password);
}

async function launch(
  place: Place,
  bin: string,
  account: Account | undefined,
  port: number,
): Promise<Postmaster> {
  if (!(await isFree(port)))
    throw new Error(`Port ${port} is in use by another program. Stop that program, or choose another port.`);
  forgetDeadServer(place.data);
  const end = Date.now() + START_MS;
  for (;;) {
    const outcome = await launchOnce(place, bin, account, end - Date.now());
    if (typeof outcome !== 'string') return outcome;
    // The processes of a killed server take a moment to notice.
    const leftOver = /shared memory block .* still in use|lock file "postmaster.pid" already exists/.test(
      outcome,
    );
    if (!leftOver || Date.now() >= end)
      throw new Error(`PostgreSQL did not start: ${reason(outcome)} (all of it is in ${place.log}).`);
    await until(() => false, 250);
  }
}

/** The server once it takes connections, or what it said when it ended. */
async function launchOnce(
  place: Place,
  bin: string,
  account: Account | undefined,
  milliseconds: number,
): Promise<Postmaster | string> {
  if (fs.existsSync(place.log)) fs.renameSync(place.log, `${place.log}.1`);
  const log = fs.openSync(place.log, 'a', 0o600);
  const child = spawn(path.join(bin, 'postgres'), ['-D', place.data], {
    ...account,
    cwd: place.home,
    env: environment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  // Without this, a program that cannot be started at all would end this process.
  child.once('error', () => undefined);
  child.unref();
  const alive = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const started = (): Postmaster | undefined => {
    const server = runningServer(place.data);
    return server?.pid === child.pid && server?.ready ? server : undefined;
  };
  await until(() => !alive() || started() !== undefined, milliseconds);
  const server = started();
  if (server) return server;
  if (alive()) child.kill('SIGQUIT');
  return fs.readFileSync(place.log, 'utf8');
}

function reason(log: string): string {
  const lines = log.split('\n').filter((line) => /(FATAL|PANIC):/.test(line));
  return lines.at(-1)?.replace(/^.*?(FATAL|PANIC): +/, '') ?? 'it did not say why';
}

/** Stops the server of a folder, if it runs; with open connections, they are ended. */
export async function stopPostgres(options: { readonly dir: string }): Promise<void> {
  const { data } = placeOf(options.dir);
  // Fast, then immediate shutdown; what is still there after those is killed. None loses committed data.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    const server = runningServer(data);
    if (!server) return;
    process.kill(server.pid, signal);
    if (await until(() => runningServer(data)?.pid !== server.pid, STOP_MS)) return;
  }
  throw new Error(`The PostgreSQL of ${options.dir} cannot be stopped.`);
}

/** Restarts the server of a folder as it is configured; every connection ends. */
export async function restartPostgres(options: { readonly dir: string }): Promise<void> {
  const account = serverAccount();
  const { place, bin } = settle(options.dir, findBinaries(), account);
  const running = runningServer(place.data);
  if (!running) throw new Error(`No PostgreSQL runs in ${options.dir}.`);
  await stopPostgres(options);
  await launch(place, bin, account, running.port);
}

/** Tells whether the server of a folder runs. */
export function postgresStatus(options: { readonly dir: string }): PostgresStatus {
  const server = runningServer(placeOf(options.dir).data);
  if (!server) return { state: 'stopped' };
  return { state: server.ready ? 'running' : 'starting', pid: server.pid, port: server.port };
}

/** Stops the server of a folder and removes its data. */
export async function removePostgres(options: { readonly dir: string }): Promise<void> {
  await stopPostgres(options);
  fs.rmSync(placeOf(options.dir).home, { recursive: true, force: true });
  fs.rmSync(options.dir, { recursive: true, force: true });
}

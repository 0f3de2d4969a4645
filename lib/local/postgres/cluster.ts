import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CertificateFiles } from '../authority';
import type { Account } from './account';
import type { Place } from './place';

/** The superuser; named as on RDS, where it is Amazon's and no one else's either. */
export const SUPERUSER = 'rdsadmin';

/**
 * Makes the data folder when there is none. It is made beside and renamed, so that a start that was killed in
 * between leaves nothing that the next one would take for data.
 *
 * @param place - where to make it
 * @param bin - folder of the programs
 * @param major - version of the programs; data of another one is refused
 * @param account - who the server runs as
 */
export function ensureCluster(place: Place, bin: string, major: number, account: Account | undefined): void {
  const version = path.join(place.data, 'PG_VERSION');
  if (fs.existsSync(version)) {
    const made = fs.readFileSync(version, 'utf8').trim();
    if (made !== String(major))
      throw new Error(
        `The data in ${place.data} was made by PostgreSQL ${made} and this is PostgreSQL ${major}. ` +
          'Remove that folder to start with an empty database.',
      );
    return;
  }
  if (fs.existsSync(place.data) && !isReadable(place.data))
    throw new Error(`${place.data} belongs to another user. Start as that user, or remove the folder.`);
  if (fs.existsSync(place.data))
    throw new Error(
      `${place.data} is not a PostgreSQL data folder. Remove it to start with an empty database.`,
    );

  const half = `${place.data}.half`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.mkdirSync(half, { mode: 0o700 });
  const password = crypto.randomBytes(24).toString('base64url');
  const given = path.join(place.home, 'initial.password');
  fs.writeFileSync(given, password, { mode: 0o600 });
  if (account) for (const file of [half, given]) fs.chownSync(file, account.uid, account.gid);
  const initdb = spawnSync(
    path.join(bin, 'initdb'),
    [
      ...['--pgdata', half, '--username', SUPERUSER, '--pwfile', given, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--no-locale', '--data-checksums'],
    ],
    { ...account, cwd: place.home, encoding: 'utf8', env: environment() },
  );
  fs.rmSync(given);
  if (initdb.status !== 0)
    throw new Error(`The database could not be made: ${lastLine(initdb.stderr) ?? 'initdb did not run'}`);
  fs.writeFileSync(place.passwordFile, password, { mode: 0o600 });
  fs.renameSync(half, place.data);
}

function isReadable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a server's settings depend on. */
export interface ClusterOptions {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Certificate that it shows. */
  readonly certificate: CertificateFiles;
  /** Signs in by password; members of `rds_iam` need none. */
  readonly masterUser: string;
}

/** Writes the server's settings anew, so that what is in the folder never differs from what this says. */
export function configure(place: Place, account: Account | undefined, options: ClusterOptions): void {
  fs.mkdirSync(place.tls, { recursive: true, mode: 0o755 });
  const certFile = path.join(place.tls, 'server.crt');
  const keyFile = path.join(place.tls, 'server.key');
  writeFor(account, certFile, fs.readFileSync(options.certificate.certFile), 0o644);
  writeFor(account, keyFile, fs.readFileSync(options.certificate.keyFile), 0o600);
  const settings: Readonly<Record<string, string | number>> = {
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: certFile,
    ssl_key_file: keyFile,
    ssl_min_protocol_version: 'TLSv1.2',
    password_encryption: 'scram-sha-256',
    max_connections: 100,
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replace(/'/g, "''")}'`,
  );
  writeFor(account, path.join(place.data, 'postgresql.conf'), `${lines.join('\n')}\n`, 0o600);
  // As on RDS, membership of rds_iam decides how a role signs in. Only Amazon can check an IAM token, so here
  // such a role is let in without one: whoever can open a connection from this machine is believed. There is
  // no line for connections without TLS, so PostgreSQL refuses them, as rds.force_ssl does.
  const rules = [
    `hostssl all ${SUPERUSER} 127.0.0.1/32 scram-sha-256`,
    `hostssl all "${options.masterUser}" 127.0.0.1/32 scram-sha-256`,
    'hostssl all +rds_iam 127.0.0.1/32 trust',
    'hostssl all all 127.0.0.1/32 scram-sha-256',
  ];
  writeFor(account, path.join(place.data, 'pg_hba.conf'), `${rules.join('\n')}\n`, 0o600);
}

function writeFor(account: Account | undefined, file: string, content: string | Buffer, mode: number): void {
  const beside = `${file}.new`;
  fs.rmSync(beside, { force: true });
  fs.writeFileSync(beside, content, { mode });
  if (account) fs.chownSync(beside, account.uid, account.gid);
  fs.renameSync(beside, file);
}

/** What the programs are given of the environment: nothing that could point them elsewhere. */
export function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

/** The last line of some text that says something. */
function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim();
}

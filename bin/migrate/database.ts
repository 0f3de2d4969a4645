import * as fs from 'node:fs';
import { Client } from 'pg';
import { foldersOf } from '../../lib/local/folders';
import { readSummary, type Summary } from '../../lib/local/run/summary';
import { connector } from '../../lib/migrations/connection';
import type { Connect } from '../../lib/migrations/ports';

const FORM = 'postgresql://user:password@host:5432/database';
const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'];

/**
 * The database of the local environment, as the role that owns its schema, over verified TLS.
 * @param dir - folder of the environment
 * @throws Error when there is none
 */
export function ofLocal(dir: string): Connect {
  const summary = summaryOf(dir);
  return connector({
    host: 'localhost',
    port: summary.database.port,
    database: summary.database.name,
    user: summary.database.migratorUser,
    password: '',
    authorities: [fs.readFileSync(summary.cloud.caFile, 'utf8')],
  });
}

function summaryOf(dir: string): Summary {
  let summary: Summary | undefined;
  try {
    summary = readSummary(foldersOf(dir));
  } catch {
    throw new Error(`The local environment in ${dir} is of an older version: run "npm start" again.`);
  }
  if (!summary) throw new Error(`There is no local environment in ${dir}: run "npm start" first.`);
  return summary;
}

/** How to reach a database by its URL. */
export interface UrlOptions {
  /** The URL; never shown, since it may hold a password. */
  readonly url: string | undefined;
  /** Certificate authority by option, in PEM. */
  readonly ca: string | undefined;
  /** Certificate authority by environment, in PEM. */
  readonly extraCa: string | undefined;
}

/**
 * A database by its URL: over TLS with certificate and host name verified, or in plain on this machine only.
 * @throws Error when the URL, or the authority for another machine, is missing or wrong
 */
export function ofUrl({ url, ca, extraCa }: UrlOptions): Connect {
  if (url === undefined || url === '')
    throw new Error(`Say which database: --env <name>, or DATABASE_URL=${FORM}.`);
  if (!URL.canParse(url)) throw new Error(`DATABASE_URL is no URL: write ${FORM}.`);
  const { protocol, hostname, port, pathname, username, password, searchParams } = new URL(url);
  if (!['postgres:', 'postgresql:'].includes(protocol) || username === '' || pathname.length < 2)
    throw new Error(`DATABASE_URL lacks the scheme, the user or the database: write ${FORM}.`);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const place = {
    host,
    port: Number(port || 5432),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
  const here = THIS_MACHINE.includes(host);
  const named = ca ?? searchParams.get('sslrootcert') ?? undefined;
  const wantsTls = named !== undefined || !['disable', null].includes(searchParams.get('sslmode'));
  if (here && !wantsTls) return plain(place);
  const file = named ?? extraCa;
  if (file === undefined || file === '')
    throw new Error(`Name the certificate authority of ${host}: --ca <file>, or NODE_EXTRA_CA_CERTS.`);
  if (!fs.existsSync(file)) throw new Error(`The certificate authority ${file} is not there.`);
  return connector({ ...place, authorities: [fs.readFileSync(file, 'utf8')] });
}

function plain(place: ConstructorParameters<typeof Client>[0] & object): Connect {
  return async (application) => {
    const client = new Client({ ...place, application_name: application, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
}

import { Client } from 'pg';
import type { Connect } from '../ports';

export { iamToken } from './iam-token';
export { rdsAuthorities, trustedAuthorities } from './authorities';

/** Where the writer is and as whom to sign in. */
export interface ConnectionOptions {
  /** Host name of the writer; its certificate has to carry it. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Name of the database. */
  readonly database: string;
  /** Role to sign in as. */
  readonly user: string;
  /** A password, or a token made anew for each connection. */
  readonly password: string | (() => Promise<string>);
  /** Certificates of the authorities that may vouch for the server, in PEM. */
  readonly authorities: readonly string[];
}

/** Longest that a connection may take to stand, in milliseconds: a paused Aurora wakes up within about 15 s. */
const CONNECT_MS = 30_000;

/**
 * How the server learns that the runner is gone, when no packet says so (a Lambda may freeze or vanish): after 10 s of
 * silence it asks every 5 s, three times; what it sends is given up after 25 s. Source: Aurora PostgreSQL user guide,
 * "Dead connection handling".
 */
const SERVER_SETTINGS = [
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=25000',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/**
 * Connections straight to the writer over TLS 1.2 or later, certificate and host name verified, with keepalive both
 * ways. A connection that is lost fails the query that runs on it and the next one; it never ends the process.
 */
export function connector(options: ConnectionOptions): Connect {
  return async (application) => {
    const client = new Client({
      host: options.host,
      port: options.port,
      database: options.database,
      user: options.user,
      password: options.password,
      ssl: { ca: [...options.authorities], minVersion: 'TLSv1.2', rejectUnauthorized: true },
      application_name: application,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      options: SERVER_SETTINGS,
    });
    // Without a listener, Node would end the process when an idle connection is cut.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  };
}

import { Signer } from '@aws-sdk/rds-signer';

/** As whom and where a token is good for. */
export interface TokenOptions {
  /** Host name of the writer, not an alias of it: the token is signed for it. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Role to sign in as. */
  readonly user: string;
  /** Region of the database. */
  readonly region: string;
}

/**
 * Makes a password from the caller's own AWS credentials, each time it is called. It is good for 15 minutes and looked
 * at on connecting only; making it asks nobody.
 */
export function iamToken(options: TokenOptions): () => Promise<string> {
  const signer = new Signer({
    hostname: options.host,
    port: options.port,
    username: options.user,
    region: options.region,
  });
  return () => signer.getAuthToken();
}

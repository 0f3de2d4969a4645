import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwkValidationError, JwksValidationError, JwtBaseError } from 'aws-jwt-verify/error';
import { SimpleFetcher, type Fetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { z } from 'zod';
import type { ApiEnvironment } from './env';
import { Problem } from './problem';

/** What of the environment concerns who is calling. */
export type IdentityEnvironment = Pick<
  ApiEnvironment,
  'USER_POOL_ID' | 'USER_POOL_CLIENT_IDS' | 'AWS_ENDPOINT_URL' | 'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'
>;

/** The person that a request is made for. */
export interface Identity {
  /** The person's id in the user pool. */
  readonly subject: string;
  /** What the person is. */
  readonly role: string;
  /** The organisation that the person acts for. */
  readonly organisation: string;
}

/** Tells who a request is made for. */
export interface Identities {
  /** The person behind an `Authorization` header; a {@link Problem} when there is none that holds. */
  identify(authorization: string | undefined): Promise<Identity>;
}

/** The claims that the pool's trigger puts into an access token. */
const claims = z.object({
  sub: z.string().min(1),
  role: z.string().regex(/^[A-Z][A-Z_]{1,31}$/),
  org_id: z.string().regex(/^[a-z0-9-]{2,36}$/),
});

/** The signing keys at Cognito's own address, or at the endpoint that stands in its place. */
class KeyFetcher implements Fetcher {
  private readonly fetcher = new SimpleFetcher();

  constructor(private readonly elsewhere: string | undefined) {}

  fetch(uri: string): Promise<ArrayBuffer> {
    return this.fetcher.fetch(this.elsewhere ?? uri);
  }
}

/**
 * Verifies access tokens of one user pool: signature, issuer, app client, use and lifetime. Another endpoint
 * changes only where the keys are read from, over verified TLS; the issuer that a token must name stays AWS's.
 */
export function verifyIdentities(environment: IdentityEnvironment): Identities {
  const endpoint = environment.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER ?? environment.AWS_ENDPOINT_URL;
  const elsewhere = endpoint && new URL(`/${environment.USER_POOL_ID}/.well-known/jwks.json`, endpoint).href;
  const verifier = CognitoJwtVerifier.create(
    {
      userPoolId: environment.USER_POOL_ID,
      clientId: environment.USER_POOL_CLIENT_IDS,
      tokenUse: 'access',
    },
    { jwksCache: new SimpleJwksCache({ fetcher: new KeyFetcher(elsewhere) }) },
  );
  return {
    async identify(authorization) {
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
      if (!token) throw unauthorised();
      const payload = await verifier.verify(token).catch((error: unknown) => {
        throw toProblem(error);
      });
      // The library checks the end of a token's life only where there is one.
      if (!('exp' in payload)) throw unauthorised();
      const known = claims.safeParse(payload);
      if (!known.success)
        throw new Problem(
          403,
          'Forbidden',
          'The account has no role in an organisation. Ask its administrator.',
        );
      return { subject: known.data.sub, role: known.data.role, organisation: known.data.org_id };
    },
  };
}

function unauthorised(): Problem {
  // One answer for every reason: which check failed helps only someone who forges tokens.
  return new Problem(401, 'Unauthorized', 'Sign in and send the access token as a bearer token.');
}

function toProblem(error: unknown): unknown {
  if (
    error instanceof FetchError ||
    error instanceof JwksValidationError ||
    error instanceof JwkValidationError
  )
    return new Problem(503, 'Service Unavailable', 'Tokens cannot be verified at the moment. Try again.');
  return error instanceof JwtBaseError ? unauthorised() : error;
}

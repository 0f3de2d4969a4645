import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** A user pool, through a client that lets those with AWS permission sign people in. */
export interface Pool {
  /** Speaks to it. */
  readonly cognito: Pick<CognitoIdentityProviderClient, 'send'>;
  /** Its id. */
  readonly userPoolId: string;
  /** Id of the client. */
  readonly clientId: string;
  /** Time, for one-time codes. */
  readonly clock: {
    /** The moment it is. */
    date(): Date;
    /** Waits, in milliseconds. */
    sleep(milliseconds: number): Promise<void>;
  };
}

/** What a person signs in with. */
export interface Credentials {
  /** E-mail address or user name. */
  readonly username: string;
  /** Password. */
  readonly password: string;
  /** Base32 secret of the authenticator. */
  readonly totpSecret: string;
}

/** What a sign-in answers. */
export interface Tokens {
  /** For the API. */
  readonly accessToken: string;
  /** For the front end. */
  readonly idToken: string;
  /** For new ones of both. */
  readonly refreshToken: string;
}

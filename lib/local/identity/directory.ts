import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { clientOptions, type LocalCloud } from '../cloud';

/** Where the people are: a deployed user pool, through the client that scripts use. */
export interface Directory {
  /** The local AWS. */
  readonly cloud: LocalCloud;
  /** Id of the user pool; output `UserPoolId` of the Auth stack. */
  readonly userPoolId: string;
  /** Id of the client for scripts and tests; output `ApiClientId` of the Auth stack. */
  readonly clientId: string;
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

/** A client of the directory's service, as the account's root. */
export function cognitoOf(directory: Directory): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient(clientOptions(directory.cloud));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { Pool } from '../../identity/model';
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

/** A client of the directory's service, as the account's root. */
export function cognitoOf(directory: Directory): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient(clientOptions(directory.cloud));
}

/** The directory as those see it who sign people in. */
export function poolOf(directory: Directory): Pool {
  return {
    cognito: cognitoOf(directory),
    userPoolId: directory.userPoolId,
    clientId: directory.clientId,
    clock: { date: () => new Date(), sleep: (milliseconds) => sleep(milliseconds) },
  };
}

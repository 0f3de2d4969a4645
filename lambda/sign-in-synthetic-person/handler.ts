import { setTimeout as sleep } from 'node:timers/promises';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { signIn } from '../../lib/identity/sign-in';
import { parseEnvironment } from '../shared/environment';
import { readSyntheticCredentials } from '../shared/synthetic-credentials';
import { logger, traced, tracer } from '../shared/telemetry';
import { signInSyntheticPersonSchema } from './env';

const { USER_POOL_ID, CLIENT_ID, SECRET_ARN } = parseEnvironment(signInSyntheticPersonSchema);
const cognito = tracer.captureAWSv3Client(new CognitoIdentityProviderClient());
const secrets = tracer.captureAWSv3Client(new SecretsManagerClient());

/** Two others may have signed in within the same minute. */
const WAITS = 2;

/** Thrown when nobody can sign in yet, with what to do; its message holds nothing of the secret. */
class NoSyntheticPersonError extends Error {
  override readonly name = 'NoSyntheticPersonError';
}

/**
 * Signs the synthetic person in for whoever may call this function, and hands out an access token of five minutes: the
 * caller never sees password or authenticator.
 * @throws NoSyntheticPersonError when the secret has never been rotated, which makes the person
 */
export const handler = traced(async (): Promise<{ readonly accessToken: string }> => {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: SECRET_ARN }));
  const credentials = readSyntheticCredentials(SecretString);
  if (!credentials)
    throw new NoSyntheticPersonError(
      `There is no synthetic person yet: their secret was never rotated. Look why in the log of the function rotate-synthetic-person, then run: aws secretsmanager rotate-secret --secret-id ${SECRET_ARN}`,
    );
  const { accessToken } = await signIn(
    {
      cognito,
      userPoolId: USER_POOL_ID,
      clientId: CLIENT_ID,
      clock: { date: () => new Date(), sleep: (milliseconds) => sleep(milliseconds) },
    },
    credentials,
    WAITS,
  );
  logger.info('synthetic person signed in');
  return { accessToken };
});

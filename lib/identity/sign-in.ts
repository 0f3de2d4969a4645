import {
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandOutput,
  AdminRespondToAuthChallengeCommand,
  type AdminRespondToAuthChallengeCommandOutput,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Credentials, Pool, Tokens } from './model';
import { oneTimeCode, untilNextCode } from './one-time-code';

type Answer = AdminInitiateAuthCommandOutput | AdminRespondToAuthChallengeCommandOutput;

/** Cognito takes each code once; a second sign-in within its half minute is told so. */
const CODE_WAS_USED = 'ExpiredCodeException';

/**
 * Signs a person in with password and one-time code.
 * @param waits - how often the next code is waited for when this one was used already; each wait takes 30 seconds at most
 * @throws Error when a factor is refused, or when the pool asks for anything but the second factor
 */
export async function signIn(pool: Pool, credentials: Credentials, waits = 0): Promise<Tokens> {
  const asked = await givePassword(pool, credentials.username, credentials.password);
  if (asked.ChallengeName !== 'SOFTWARE_TOKEN_MFA')
    throw new Error(
      `The user pool did not ask for a one-time code but for ${asked.ChallengeName ?? 'nothing'}.`,
    );
  try {
    return await giveCode(pool, credentials, asked);
  } catch (error) {
    if (waits === 0 || !(error instanceof Error) || error.name !== CODE_WAS_USED) throw error;
    await pool.clock.sleep(untilNextCode(pool.clock.date()));
    return signIn(pool, credentials, waits - 1);
  }
}

/**
 * Enrols an authenticator for a person who has none.
 * @returns its base32 secret
 * @throws Error when the password is refused or an authenticator is enrolled already
 */
export async function enrolAuthenticator(pool: Pool, username: string, password: string): Promise<string> {
  const answer = await givePassword(pool, username, password);
  // AWS asks for the enrolment before it gives tokens; the emulator gives them first.
  const proof =
    answer.ChallengeName === 'MFA_SETUP'
      ? { Session: answer.Session }
      : { AccessToken: tokensOf(answer.AuthenticationResult).accessToken };
  const { SecretCode, Session } = await pool.cognito.send(new AssociateSoftwareTokenCommand(proof));
  if (SecretCode === undefined) throw new Error('The user pool gave no secret for an authenticator.');
  const verified = await pool.cognito.send(
    new VerifySoftwareTokenCommand({
      ...('Session' in proof ? { Session } : proof),
      UserCode: oneTimeCode(SecretCode, pool.clock.date()),
    }),
  );
  // What was begun with the password ends here, as Cognito's guide has it ("MFA_SETUP" of AdminRespondToAuthChallenge).
  if ('Session' in proof)
    await pool.cognito.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId: pool.userPoolId,
        ClientId: pool.clientId,
        ChallengeName: 'MFA_SETUP',
        Session: verified.Session,
        ChallengeResponses: { USERNAME: answer.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? username },
      }),
    );
  return SecretCode;
}

function givePassword(
  { cognito, userPoolId, clientId }: Pool,
  username: string,
  password: string,
): Promise<Answer> {
  return cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );
}

async function giveCode(
  { cognito, userPoolId, clientId, clock }: Pool,
  { username, totpSecret }: Credentials,
  asked: Answer,
): Promise<Tokens> {
  const { AuthenticationResult } = await cognito.send(
    new AdminRespondToAuthChallengeCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session: asked.Session,
      ChallengeResponses: {
        USERNAME: asked.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? username,
        SOFTWARE_TOKEN_MFA_CODE: oneTimeCode(totpSecret, clock.date()),
      },
    }),
  );
  return tokensOf(AuthenticationResult);
}

function tokensOf(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = result ?? {};
  if (accessToken === undefined || idToken === undefined || refreshToken === undefined)
    throw new Error('The user pool gave no tokens.');
  return { accessToken, idToken, refreshToken };
}

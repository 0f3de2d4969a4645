import {
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandOutput,
  AdminRespondToAuthChallengeCommand,
  type AdminRespondToAuthChallengeCommandOutput,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  type CognitoIdentityProviderClient,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateSync } from 'otplib';
import { cognitoOf, type Credentials, type Directory, type Tokens } from './directory';

type Answer = AdminInitiateAuthCommandOutput | AdminRespondToAuthChallengeCommandOutput;

/**
 * Signs a person in with password and one-time code, as the `Api` client allows to a caller with AWS permission.
 * @throws Error when a factor is refused, or when the pool asks for anything but the second factor
 */
export async function signIn(directory: Directory, credentials: Credentials): Promise<Tokens> {
  const cognito = cognitoOf(directory);
  const asked = await givePassword(cognito, directory, credentials.username, credentials.password);
  if (asked.ChallengeName !== 'SOFTWARE_TOKEN_MFA')
    throw new Error(
      `The user pool did not ask for a one-time code but for ${asked.ChallengeName ?? 'nothing'}.`,
    );
  const answer = await cognito.send(
    new AdminRespondToAuthChallengeCommand({
      UserPoolId: directory.userPoolId,
      ClientId: directory.clientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session: asked.Session,
      ChallengeResponses: {
        USERNAME: asked.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? credentials.username,
        SOFTWARE_TOKEN_MFA_CODE: generateSync({ secret: credentials.totpSecret }),
      },
    }),
  );
  return tokensOf(answer.AuthenticationResult);
}

/**
 * Enrols an authenticator for a person who has none.
 * @returns its base32 secret
 * @throws Error when the password is refused or an authenticator is enrolled already
 */
export async function enrolAuthenticator(
  directory: Directory,
  username: string,
  password: string,
): Promise<string> {
  const cognito = cognitoOf(directory);
  const answer = await givePassword(cognito, directory, username, password);
  // AWS asks for the enrolment before it gives tokens; the emulator gives them first.
  const proof =
    answer.ChallengeName === 'MFA_SETUP'
      ? { Session: answer.Session }
      : { AccessToken: tokensOf(answer.AuthenticationResult).accessToken };
  const { SecretCode, Session } = await cognito.send(new AssociateSoftwareTokenCommand(proof));
  if (SecretCode === undefined) throw new Error('The user pool gave no secret for an authenticator.');
  await cognito.send(
    new VerifySoftwareTokenCommand({
      ...('Session' in proof ? { Session } : proof),
      UserCode: generateSync({ secret: SecretCode }),
    }),
  );
  return SecretCode;
}

function givePassword(
  cognito: CognitoIdentityProviderClient,
  directory: Directory,
  username: string,
  password: string,
): Promise<Answer> {
  return cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId: directory.userPoolId,
      ClientId: directory.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );
}

function tokensOf(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken } = result ?? {};
  if (accessToken === undefined || idToken === undefined || refreshToken === undefined)
    throw new Error('The user pool gave no tokens.');
  return { accessToken, idToken, refreshToken };
}

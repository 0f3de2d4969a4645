import * as fs from 'node:fs';
import * as https from 'node:https';
import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientOptions, requireLoopback, type LocalCloud } from '../cloud';
import type { Credentials, Tokens } from '../../identity/model';
import { enrolAuthenticator, signIn } from '../../identity/sign-in';
import { cognitoOf, type Directory, poolOf } from './directory';

/** A user pool that people sign up to by themselves. */
export interface OpenDirectory extends Directory {
  /** Id of the web front end's client; output `WebClientId` of the Auth stack. */
  readonly webClientId: string;
  /** Name and alias of the post-confirmation function, which the emulator does not call; output `PostConfirmationFunction`. */
  readonly postConfirmationFunction: string;
}

/** A person with everything they need, signed in. */
export interface SignedUp {
  /** What they sign in with from now on. */
  readonly credentials: Credentials;
  /** What their first sign-in answered. */
  readonly tokens: Tokens;
}

/**
 * Takes a person through everything: sign-up, the mailed code, placing, an authenticator, and the first sign-in.
 * @throws Error where the pool or one of its triggers refuses
 */
export async function signUpAndSignIn(
  directory: OpenDirectory,
  email: string,
  password: string,
): Promise<SignedUp> {
  const cognito = cognitoOf(directory);
  await cognito.send(
    new SignUpCommand({
      ClientId: directory.webClientId,
      Username: email,
      Password: password,
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );
  await cognito.send(
    new ConfirmSignUpCommand({
      ClientId: directory.webClientId,
      Username: email,
      ConfirmationCode: await mailedCode(directory.cloud, email),
    }),
  );
  await confirmAsCognitoDoes(directory, email);
  const totpSecret = await enrolAuthenticator(poolOf(directory), email, password);
  const credentials = { username: email, password, totpSecret };
  return { credentials, tokens: await signIn(poolOf(directory), credentials) };
}

/** What Cognito does after the right code and the emulator does not: verifies the address and calls the trigger. */
async function confirmAsCognitoDoes(directory: OpenDirectory, email: string): Promise<void> {
  const cognito = cognitoOf(directory);
  const person = { UserPoolId: directory.userPoolId, Username: email };
  await cognito.send(
    new AdminUpdateUserAttributesCommand({
      ...person,
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    }),
  );
  const { Username, UserAttributes } = await cognito.send(new AdminGetUserCommand(person));
  const event = {
    version: '1',
    region: directory.cloud.region,
    userPoolId: directory.userPoolId,
    userName: Username,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: directory.webClientId },
    triggerSource: 'PostConfirmation_ConfirmSignUp',
    request: {
      userAttributes: Object.fromEntries<string | undefined>(
        (UserAttributes ?? []).map(({ Name, Value }) => [Name ?? '', Value]),
      ),
    },
    response: {},
  };
  const { FunctionError } = await new LambdaClient(clientOptions(directory.cloud)).send(
    new InvokeCommand({ FunctionName: directory.postConfirmationFunction, Payload: JSON.stringify(event) }),
  );
  if (FunctionError !== undefined)
    throw new Error('The post-confirmation function failed: its log tells why.');
}

/** The code in the newest mail that the emulator keeps for an address. */
async function mailedCode(cloud: LocalCloud, email: string): Promise<string> {
  const { messages } = JSON.parse(await readMail(cloud)) as {
    readonly messages: Readonly<Record<string, readonly unknown[] | undefined>>;
  };
  const mine = (messages[cloud.account] ?? [])
    .map((message) => JSON.stringify(message))
    .filter((text) => text.includes(email));
  const code = mine.flatMap((text) => [...text.matchAll(/verification code is (\d{6})/g)]).at(-1)?.[1];
  if (code === undefined) throw new Error(`The emulator has no mail with a code for ${email}.`);
  return code;
}

function readMail(cloud: LocalCloud): Promise<string> {
  requireLoopback(cloud.endpoint);
  return new Promise((resolve, reject) => {
    https
      .get(
        `${cloud.endpoint}/_ministack/ses/messages`,
        { ca: fs.readFileSync(cloud.caFile), timeout: 5000 },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (body += chunk));
          response.on('end', () => {
            resolve(body);
          });
        },
      )
      .on('error', reject);
  });
}

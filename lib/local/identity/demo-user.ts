import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Credentials } from '../../identity/model';
import { enrolAuthenticator, signIn } from '../../identity/sign-in';
import { cognitoOf, type Directory, poolOf } from './directory';

/** Who the demo user is. */
export interface DemoUser {
  /** JSON file that password and authenticator secret are kept in, readable by its owner alone. */
  readonly file: string;
  /** E-mail address. */
  readonly email: string;
  /** Organisation. */
  readonly organisation: string;
  /** Role, one of the pool's groups. */
  readonly role: string;
}

/**
 * Makes sure that the demo user is there and can sign in: one that can is left as it is, any other is made anew with a
 * new password and a new authenticator.
 * @returns what the person signs in with, also kept in the file
 */
export async function seedDemoUser(directory: Directory, user: DemoUser): Promise<Credentials> {
  const known = readCredentials(user.file);
  if (known?.username === user.email && (await canSignIn(directory, known))) {
    await place(directory, user);
    return known;
  }
  const cognito = cognitoOf(directory);
  const person = { UserPoolId: directory.userPoolId, Username: user.email };
  try {
    await cognito.send(new AdminDeleteUserCommand(person));
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
  }
  await cognito.send(
    new AdminCreateUserCommand({
      ...person,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: user.email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  );
  // The suffix holds what the password policy asks for, whatever the random part is.
  const password = `${randomBytes(18).toString('base64url')}aA1!`;
  await cognito.send(new AdminSetUserPasswordCommand({ ...person, Password: password, Permanent: true }));
  await place(directory, user);
  const totpSecret = await enrolAuthenticator(poolOf(directory), user.email, password);
  const credentials = { username: user.email, password, totpSecret };
  fs.mkdirSync(path.dirname(user.file), { recursive: true });
  fs.writeFileSync(user.file, JSON.stringify(credentials, null, 2), { mode: 0o600 });
  return credentials;
}

/** Id of a person in the user pool, which tokens carry as `sub`. */
export async function personIdOf(directory: Directory, username: string): Promise<string> {
  const { UserAttributes = [] } = await cognitoOf(directory).send(
    new AdminGetUserCommand({ UserPoolId: directory.userPoolId, Username: username }),
  );
  const sub = UserAttributes.find(({ Name }) => Name === 'sub')?.Value;
  if (sub === undefined) throw new Error(`The user pool gives no id for ${username}.`);
  return sub;
}

/**
 * What the demo user signs in with.
 * @returns nothing when none was seeded, or the file is not one that was written here
 */
export function readCredentials(file: string): Credentials | undefined {
  if (!fs.existsSync(file)) return undefined;
  try {
    const { username, password, totpSecret } = JSON.parse(
      fs.readFileSync(file, 'utf8'),
    ) as Partial<Credentials>;
    if (username === undefined || password === undefined || totpSecret === undefined) return undefined;
    return { username, password, totpSecret };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function canSignIn(directory: Directory, credentials: Credentials): Promise<boolean> {
  try {
    await signIn(poolOf(directory), credentials);
    return true;
  } catch {
    return false;
  }
}

async function place(directory: Directory, user: DemoUser): Promise<void> {
  const cognito = cognitoOf(directory);
  const person = { UserPoolId: directory.userPoolId, Username: user.email };
  await cognito.send(
    new AdminUpdateUserAttributesCommand({
      ...person,
      UserAttributes: [{ Name: 'custom:org_id', Value: user.organisation }],
    }),
  );
  await cognito.send(new AdminAddUserToGroupCommand({ ...person, GroupName: user.role }));
}

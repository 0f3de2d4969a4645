import { randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Credentials, Pool } from '../../lib/identity/model';
import { enrolAuthenticator } from '../../lib/identity/sign-in';
import { SYNTHETIC } from '../../lib/identity/synthetic';

/** Address of the person whom a version of the secret is about. */
export function addressOf(version: string): string {
  return `${version.toLowerCase()}@${SYNTHETIC.emailDomain}`;
}

/**
 * Makes the person of a version, with a password and an authenticator that nobody else knows. One of the same name, which
 * a try before left half made, is deleted first.
 */
export async function makePerson(pool: Pool, version: string): Promise<Credentials> {
  const { cognito, userPoolId } = pool;
  const username = addressOf(version);
  const person = { UserPoolId: userPoolId, Username: username };
  await removePerson(pool, username);
  await cognito.send(
    new AdminCreateUserCommand({
      ...person,
      MessageAction: 'SUPPRESS',
      // The address stays unverified, so that no forgotten password can be mailed about.
      UserAttributes: [
        { Name: 'email', Value: username },
        { Name: 'custom:org_id', Value: SYNTHETIC.organisation },
      ],
    }),
  );
  // The suffix holds what the password policy asks for, whatever the random part is.
  const password = `${randomBytes(30).toString('base64url')}aA1!`;
  await cognito.send(new AdminSetUserPasswordCommand({ ...person, Password: password, Permanent: true }));
  await cognito.send(new AdminAddUserToGroupCommand({ ...person, GroupName: SYNTHETIC.role }));
  return { username, password, totpSecret: await enrolAuthenticator(pool, username, password) };
}

/** Deletes a person, if there is one. */
export async function removePerson({ cognito, userPoolId }: Pool, username: string): Promise<void> {
  try {
    await cognito.send(new AdminDeleteUserCommand({ UserPoolId: userPoolId, Username: username }));
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
  }
}

import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { emulatorFolders } from '../../../lib/local/emulator/state';
import { cognitoOf, type Directory } from '../../../lib/local/identity/directory';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function parts(token: string): { header: string; claims: Record<string, unknown>; signature: string } {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  return { header, claims, signature };
}

/** The token with some claims changed, its signature left as it was. */
export function tampered(token: string, changes: object): string {
  const { header, claims, signature } = parts(token);
  return [header, encode({ ...claims, ...changes }), signature].join('.');
}

/** The token with some claims changed, its header left, signed by a key. */
export function signedBy(key: crypto.KeyObject, token: string, changes: object = {}): string {
  const { header, claims } = parts(token);
  const signed = `${header}.${encode({ ...claims, ...changes })}`;
  return `${signed}.${crypto.sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The key that a pool of the emulator signs access tokens with; only the emulator's own folder has it. */
export function poolKey(emulatorDir: string, userPoolId: string): crypto.KeyObject {
  const { state } = emulatorFolders(emulatorDir);
  return crypto.createPrivateKey(
    fs.readFileSync(path.join(state, 'cognito-pool-keys', `${userPoolId}-access.pem`)),
  );
}

/** Makes another pool in the same account, and a person in it who signs in there. */
export async function foreignSignIn(
  directory: Directory,
): Promise<{ readonly userPoolId: string; readonly accessToken: string }> {
  const cognito = cognitoOf(directory);
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'another' }));
  const UserPoolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'another',
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    }),
  );
  const Username = 'someone@another.example';
  const Password = 'Another-Pool-1!';
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
  await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  const { AuthenticationResult } = await cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId: UserPoolClient?.ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  );
  return { userPoolId: UserPoolId, accessToken: AuthenticationResult?.AccessToken ?? '' };
}

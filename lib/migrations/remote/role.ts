import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from './clients';
import { RemoteError } from './deployed';

/**
 * Takes a role in the environment's account, anew whenever the SDK finds its keys near their end: a run may outlast
 * the hour that AWS allows a role that was taken by another role.
 * @returns what the SDK's clients take as `credentials`
 */
export function assumedRole(client: STSClient, roleArn: string, session: string): () => Promise<Credentials> {
  return async () => {
    const { Credentials: keys } = await client.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session, DurationSeconds: 3600 }),
    );
    if (keys?.AccessKeyId === undefined || keys.SecretAccessKey === undefined)
      throw new RemoteError(`The role ${roleArn} was given without keys.`);
    return {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      ...(keys.SessionToken !== undefined && { sessionToken: keys.SessionToken }),
      ...(keys.Expiration && { expiration: keys.Expiration }),
    };
  };
}

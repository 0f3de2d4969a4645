import {
  GetRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { clientOptions, type Keys, type LocalCloud } from '../../cloud';
import { type SessionKeys, trusts } from '../../tasks/roles';

/** Statement by which the rehearsal is let into a role that a service of AWS would take; it judges the others itself. */
const DOOR = 'LocalRehearsal';
const HOUR_MILLISECONDS = 3_600_000;

const policySchema = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string().optional() })) });

/** A role that cannot be taken, or does not allow what is asked of it. */
export class RoleError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'RoleError';
}

/** Account of a role. */
export function accountOf(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}

/** Takes a role as a service of AWS does: when its own trust policy lets that service in. */
export async function assumeAsService(
  cloud: LocalCloud,
  roleArn: string,
  service: string,
  session: string,
): Promise<SessionKeys> {
  const iam = new IAMClient(clientOptions(cloud));
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const found = await iam.send(new GetRoleCommand({ RoleName })).catch(() => undefined);
  const encoded = found?.Role?.AssumeRolePolicyDocument;
  const document = encoded === undefined || encoded.startsWith('{') ? encoded : decodeURIComponent(encoded);
  const context = {
    'aws:sourceaccount': cloud.account,
    'aws:sourcearn': `arn:aws:${service.split('.')[0] ?? ''}:${cloud.region}:${cloud.account}:*`,
  };
  if (document === undefined || !trusts(document, service, context))
    throw new RoleError(`${service} is not authorized to assume the role ${roleArn}`);
  const policy = policySchema.parse(JSON.parse(document));
  if (!policy.Statement.some(({ Sid }) => Sid === DOOR)) {
    const Principal = { AWS: `arn:aws:iam::${cloud.account}:root` };
    const door = { Sid: DOOR, Effect: 'Allow', Action: 'sts:AssumeRole', Principal };
    const PolicyDocument = JSON.stringify({ ...policy, Statement: [...policy.Statement, door] });
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  }
  return assume(cloud, roleArn, session);
}

/**
 * Takes a role with keys that are held already; the emulator judges trust and policies, across accounts as well.
 *
 * @param keys - the account's root when left out
 */
export async function assume(
  cloud: LocalCloud,
  roleArn: string,
  session: string,
  keys?: Keys,
): Promise<SessionKeys> {
  const sts = new STSClient(clientOptions(cloud, keys));
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session.slice(0, 64) }),
  );
  if (Credentials === undefined) throw new RoleError(`no keys for ${roleArn}`);
  return {
    accessKeyId: Credentials.AccessKeyId ?? '',
    secretAccessKey: Credentials.SecretAccessKey ?? '',
    sessionToken: Credentials.SessionToken ?? '',
    expiration: Credentials.Expiration ?? new Date(Date.now() + HOUR_MILLISECONDS),
  };
}

/** @throws RoleError unless the role's policies allow an action on a resource, as the emulator judges them */
export async function requireAllowed(
  cloud: LocalCloud,
  roleArn: string,
  action: string,
  resource: string,
): Promise<void> {
  const iam = new IAMClient(clientOptions(cloud));
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: roleArn,
      ActionNames: [action],
      ResourceArns: [resource],
    }),
  );
  if (!EvaluationResults.every(({ EvalDecision }) => EvalDecision === 'allowed'))
    throw new RoleError(`${roleArn} is not authorized to perform ${action} on ${resource}`);
}

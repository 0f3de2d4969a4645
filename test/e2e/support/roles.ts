import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { clientOptions, type LocalCloud } from '../../../lib/local/cloud';

/** Takes every policy from a role; what it answers gives them back. */
export async function takePolicies(cloud: LocalCloud, roleArn: string): Promise<() => Promise<void>> {
  const iam = new IAMClient(clientOptions(cloud));
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of AttachedPolicies)
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  return async () => {
    for (const { PolicyArn } of AttachedPolicies)
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  };
}

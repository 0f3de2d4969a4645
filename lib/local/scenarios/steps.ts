import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { clientOptions, type LocalCloud } from '../cloud';

const RoleName = 'scenario-step';
const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Runs something while there is a role that a step of the pipeline can be given. */
export async function withStepRole<T>(cloud: LocalCloud, run: (roleArn: string) => Promise<T>): Promise<T> {
  const iam = new IAMClient(clientOptions(cloud));
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: `arn:aws:iam::${cloud.account}:root` },
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  try {
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    return await run(Role?.Arn ?? '');
  } finally {
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }
}

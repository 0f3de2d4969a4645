import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { type Patience, persist } from './persist';

/** Describes a stack; undefined where there is none of that name. */
export async function describeStack(
  client: CloudFormationClient,
  stack: string,
  patience: Patience,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await persist(
      'CloudFormation',
      (abortSignal) =>
        client.send(new DescribeStacksCommand({ StackName: stack }), { ...(abortSignal && { abortSignal }) }),
      patience,
    );
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

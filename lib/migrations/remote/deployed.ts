import { DescribeStacksCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { APP_OUTPUTS, DATA_OUTPUTS, VIEWER_OUTPUT } from './outputs';
import type { ServiceName } from './traffic';

/** What stands in an environment. */
export interface Deployed {
  /** Name of the function that runs migrations. */
  readonly runner: string;
  /** Name of the function that tells of migrations and runs none; absent where no pipeline deploys. */
  readonly viewer?: string;
  /** Name of the function that makes the roles. */
  readonly preparer: string;
  /** Name of the Aurora cluster. */
  readonly cluster: string;
  /** Release that the migrations in the runner belong to. */
  readonly release: string;
  /** Its commit. */
  readonly commit: string;
}

/** Thrown when a run over the network cannot be begun or followed; its message says what to do. */
export class RemoteError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'RemoteError';
}

/**
 * Reads the outputs of a stack.
 * @throws RemoteError when there is no such stack
 */
export async function stackOutputs(
  client: CloudFormationClient,
  stack: string,
): Promise<Readonly<Record<string, string>>> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return Object.fromEntries(
      outputs.flatMap(({ OutputKey, OutputValue }) =>
        OutputKey !== undefined && OutputValue !== undefined ? [[OutputKey, OutputValue]] : [],
      ),
    );
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message))
      throw new RemoteError(
        `There is no stack ${stack} in this account and region: deploy it first, or sign in to its account.`,
      );
    throw error;
  }
}

/**
 * Finds the runner of an environment by the outputs of its data stack.
 * @throws RemoteError when the stack is not there, or was deployed before it had a runner
 */
export async function findDeployed(client: CloudFormationClient, stack: string): Promise<Deployed> {
  const outputs = await stackOutputs(client, stack);
  const named = Object.fromEntries(
    Object.entries(DATA_OUTPUTS).map(([field, output]) => [field, outputs[output]]),
  );
  const schema = z.object({
    runner: z.string(),
    preparer: z.string(),
    cluster: z.string(),
    release: z.string(),
    commit: z.string(),
  });
  const parsed = schema.safeParse(named);
  const viewer = outputs[VIEWER_OUTPUT];
  if (parsed.success) return { ...parsed.data, ...(viewer !== undefined && { viewer }) };
  const missing = parsed.error.issues.map(({ path }) => DATA_OUTPUTS[path[0] as keyof typeof DATA_OUTPUTS]);
  throw new RemoteError(`The stack ${stack} has no output ${missing.join(', ')}: deploy it anew.`);
}

/** The API's service by the outputs of the app stack; undefined before the first deployment of it. */
export async function findService(
  client: CloudFormationClient,
  stack: string,
): Promise<ServiceName | undefined> {
  const outputs = await stackOutputs(client, stack).catch(
    (error: unknown): Readonly<Record<string, string>> => {
      if (error instanceof RemoteError) return {};
      throw error;
    },
  );
  const cluster = outputs[APP_OUTPUTS.cluster];
  const service = outputs[APP_OUTPUTS.service];
  return cluster === undefined || service === undefined ? undefined : { cluster, service };
}

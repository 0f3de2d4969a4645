import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { isPlaceholderAccount } from '../../config/placeholder';
import type { Clock } from '../ports';
import type { Report } from '../report';
import type { Request } from '../request';
import { type AwsAccess, awsClients } from './clients';
import { findDeployed, RemoteError } from './deployed';
import { follow } from './run';

export type { AwsAccess } from './clients';
export { RemoteError } from './deployed';
export { StoppedFollowing } from './run';

/** Where to run migrations by the environment's own function, and how to tell of it. */
export interface RemoteOptions {
  /** Account of the environment. */
  readonly account: string;
  /** Name of its data stack, such as `Dev-Data`. */
  readonly stack: string;
  /** Where AWS answers and as whom to ask. */
  readonly access: AwsAccess;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes, a line at a time. */
  readonly progress: (line: string) => void;
  /**
   * Stops following; the error that is thrown then says what becomes of the run.
   * @default - it is followed to its end
   */
  readonly signal?: AbortSignal;
  /**
   * Length of a slice, in seconds.
   * @default 60
   */
  readonly sliceSeconds?: number;
  /**
   * Whether nothing is to be changed: then the function is asked that only looks, where there is one, and no role is made.
   * @default false
   */
  readonly onlyLooks?: boolean;
}

/**
 * Has an environment's runner function do what is asked and follows it to the end. Nothing is connected to the database
 * from here: the caller needs leave to call two functions and to see one stack.
 * @throws RemoteError in a sentence that says what to do; StoppedFollowing when `signal` said so
 */
export async function runRemotely(request: Request, options: RemoteOptions): Promise<Report> {
  const { account, stack, access, clock, progress, signal, sliceSeconds, onlyLooks = false } = options;
  if (isPlaceholderAccount(account))
    throw new RemoteError(
      `Account ${account} is a placeholder: write your own AWS account id into the environment's file under lib/config/environments.`,
    );
  const clients = awsClients(access);
  const caller = await clients.sts.send(new GetCallerIdentityCommand({}));
  if (caller.Account !== account)
    throw new RemoteError(
      `You are signed in to account ${caller.Account ?? 'unknown'}, and the environment is in ${account}.`,
    );
  const found = await findDeployed(clients.cloudFormation, stack);
  return follow(request, {
    clients,
    deployed: onlyLooks ? { ...found, runner: found.viewer ?? found.runner } : found,
    onlyLooks,
    actor: caller.Arn ?? account,
    clock,
    progress,
    ...(signal && { signal }),
    ...(sliceSeconds !== undefined && { sliceSeconds }),
  });
}

import type { ReleaseClients } from '../aws/clients';
import { readDeployed } from '../aws/deployed';
import { findRunning } from '../deployment/find';
import { NeverDeployed } from '../errors';
import type { Clock, Progress } from '../ports';
import { judge } from './judge';
import type { GuardReport } from './model';
import { readChangeSet } from './read';

export { guardText } from './text';

/** Which change set to judge. */
export interface GuardOptions {
  /** The environment's services. */
  readonly clients: ReleaseClients;
  /** Name of its stack. */
  readonly stack: string;
  /** Its own name. */
  readonly changeSet: string;
  /** Digest of the template that the evidence covers (`lib/shared/template-digest.ts`). */
  readonly template: string;
  /** Accounts that a new role may trust without leave. */
  readonly accounts: readonly string[];
  /** Name of the app stack, whose deployments move the traffic. */
  readonly appStack: string;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes. */
  readonly progress: Progress;
}

/**
 * Judges the change set that would be executed next; see {@link judge}.
 * @throws Refused when there is none, it is of another template than the evidence covers, or it failed, or nobody can tell whether a deployment runs
 */
export async function guard(options: GuardOptions): Promise<GuardReport> {
  const { clients, stack, changeSet, accounts, clock } = options;
  const set = await readChangeSet(clients, { stack, name: changeSet, template: options.template }, options);
  const running = await movesTraffic(options);
  return judge(set, {
    accounts,
    today: clock.date().toISOString().slice(0, 10),
    ...(running !== undefined && { running }),
  });
}

/**
 * What is said of the first stack of an environment, before it makes the role that change sets are read with: nothing stands
 * that could be lost or opened. What it makes is judged by the gate at synth, and by the approver.
 */
export function firstDeployment(stack: string, changeSet: string): GuardReport {
  const unjudged =
    'the first deployment of its environment. Nothing stands yet that could be replaced, deleted or opened, nor the role that change sets are read with.';
  return {
    schemaVersion: 1,
    passed: true,
    stack,
    changeSet,
    unjudged,
    changes: [],
    findings: [],
    badWaivers: [],
  };
}

/** The deployment that runs; none before the first deployment of the app stack. */
async function movesTraffic(options: GuardOptions): Promise<string | undefined> {
  const { clients, appStack } = options;
  try {
    const deployed = await readDeployed(clients.cloudFormation, appStack, options);
    return (await findRunning(clients, deployed, options))?.id;
  } catch (error) {
    if (error instanceof NeverDeployed) return undefined;
    throw error;
  }
}

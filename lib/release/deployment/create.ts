import { CreateDeploymentCommand, type DeploymentGroupInfo } from '@aws-sdk/client-codedeploy';
import type { AppSpec } from '../app-spec';
import type { ReleaseClients } from '../aws/clients';
import { Interrupted, isLost, mayPass, pauseAfter } from '../aws/persist';
import { Refused } from '../errors';
import type { Clock, Progress } from '../ports';
import { findRunning, type GroupName, nameOf, readGroup, taskDefinitionBeingDeployed } from './find';
import type { Snapshot } from './model';
import { Observer } from './observe';

/** What to deploy, and where. */
export interface CreateOptions {
  /** The environment's services. */
  readonly clients: Pick<ReleaseClients, 'codeDeploy'>;
  /** The group. */
  readonly name: GroupName;
  /** The revision. */
  readonly spec: AppSpec;
  /** The task definition that it brings up. */
  readonly taskDefinition: string;
  /** What the deployment says of itself. */
  readonly description: string;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes. */
  readonly progress: Progress;
  /**
   * Ends it before the deployment is there.
   * @default - it is created
   */
  readonly signal?: AbortSignal;
}

/** A deployment to follow. */
export interface Begun {
  /** Its id. */
  readonly id: string;
  /** Whether it ran already. */
  readonly joined: boolean;
}

/** How often a deployment may be in the way that cannot be found: one that is just over, as a rule. */
const UNSEEN = 5;
const UNSEEN_PAUSE_MS = 2_000;
const PATIENCE_MS = 5 * 60_000;

/**
 * The running deployment of the same revision, if there is one.
 * @throws Refused when one of another revision runs
 */
export async function joinRunning(options: Omit<CreateOptions, 'description'>): Promise<Begun | undefined> {
  const { clients, name, spec, taskDefinition, clock } = options;
  const running = await findRunning(clients, name, options);
  if (!running) return undefined;
  const same =
    running.takesBack === undefined &&
    (running.sha256 === spec.sha256 ||
      (await taskDefinitionBeingDeployed(clients, name, running.id, options)) === taskDefinition);
  if (same) return { id: running.id, joined: true };
  throw new Refused(
    `Another deployment runs: ${nameOf(running, clock.date())}. Wait until it is over, or stop it with "rollback".`,
  );
}

/**
 * Creates the deployment. CodeDeploy takes no token that would make a second call harmless, so when nobody knows whether
 * a call arrived it is looked for before it is made again; and two that are made at once meet here.
 * @throws Refused when another one runs or CodeDeploy refuses this one; Interrupted when the signal says so
 */
export async function create(options: CreateOptions, group: DeploymentGroupInfo): Promise<Begun> {
  const { clock, progress, signal, ...others } = options;
  // What may have arrived is looked for also by who has to stop: its deployment would be nobody's.
  const unhurried = { ...others, clock, progress };
  const start = clock.now();
  for (let tries = 0, unseen = 0; ; tries++) {
    if (signal?.aborted) throw new Interrupted();
    try {
      return { id: await send(options), joined: false };
    } catch (error) {
      if (error instanceof Error && error.name === 'DeploymentLimitExceededException') {
        const joined = await joinRunning(options);
        if (joined) return joined;
        if (++unseen > UNSEEN)
          throw new Refused(`CodeDeploy says that a deployment runs, and lists none: ${error.message}`);
        await clock.sleep(UNSEEN_PAUSE_MS, signal);
        continue;
      }
      if (!mayPass(error)) throw refusedBy(error);
      if (clock.now() - start >= PATIENCE_MS) throw error;
      if (tries === 0) progress(`CodeDeploy did not answer (${error.name}); looking whether it heard.`);
      const lost = isLost(error);
      await clock.sleep(pauseAfter(tries, clock.random()), lost ? undefined : signal);
      if (!lost) continue;
      const arrived = (await joinRunning(unhurried)) ?? (await endedSince(unhurried, group));
      if (arrived) return { id: arrived.id, joined: false };
    }
  }
}

/** One that arrived and was over before it was looked for. */
async function endedSince(
  options: CreateOptions,
  before: DeploymentGroupInfo,
): Promise<Snapshot | undefined> {
  const { clients, name, spec } = options;
  const { lastAttemptedDeployment: last } = await readGroup(clients, name, options);
  if (last?.deploymentId === undefined || last.deploymentId === before.lastAttemptedDeployment?.deploymentId)
    return undefined;
  const found = await new Observer(clients, last.deploymentId).look(options);
  return found.sha256 === spec.sha256 ? found : undefined;
}

async function send({ clients, name, spec, description }: CreateOptions): Promise<string> {
  const { deploymentId } = await clients.codeDeploy.send(
    new CreateDeploymentCommand({
      applicationName: name.application,
      deploymentGroupName: name.group,
      description,
      revision: { revisionType: 'AppSpecContent', appSpecContent: { ...spec } },
    }),
    // Not given the signal: a call that was cut off might have arrived, and its deployment would be nobody's.
  );
  if (deploymentId === undefined) throw new Error('CodeDeploy created a deployment without an id.');
  return deploymentId;
}

function refusedBy(error: unknown): unknown {
  if (!(error instanceof Error) || !error.name.endsWith('Exception')) return error;
  return new Refused(`CodeDeploy refuses the deployment: ${error.name}: ${error.message}`);
}

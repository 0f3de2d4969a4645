import { StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import type { ReleaseClients } from '../aws/clients';
import { persist } from '../aws/persist';
import { type GroupName, listSince } from './find';
import { type FollowOptions, type Followed, follow } from './follow';
import { hasInstalled, type Snapshot } from './model';
import { Observer } from './observe';

/** How to stop a deployment or wait for its way back. */
export interface StopOptions extends Omit<FollowOptions, 'clients'> {
  /** The environment's services. */
  readonly clients: Pick<ReleaseClients, 'codeDeploy'>;
  /** Its group. */
  readonly name: GroupName;
}

/** What became of the way back. */
export type WayBack =
  /** The deployment that went back, and how it ended. */
  | { readonly went: 'back'; readonly id: string; readonly milliseconds: number }
  | { readonly went: 'wrong'; readonly id: string; readonly why: string }
  /** Nothing was made yet that could be taken back. */
  | { readonly went: 'not-needed' }
  /** No deployment that goes back was seen, and the old version has all traffic nevertheless. */
  | { readonly went: 'stayed' }
  /** CodeDeploy was not told to go back by itself, and the new version has traffic. */
  | { readonly went: 'not-asked' }
  /** It should have gone back, no deployment that does was seen, and the new version has traffic. */
  | { readonly went: 'unseen' };

/** How long to look for the deployment that goes back; it has been seen to begin in the second the other ends. */
const UNSEEN_MS = 30_000;
const POLL_MS = 1_000;

/**
 * Asks CodeDeploy to stop a deployment and go back.
 * @returns `over` when it was over before
 */
export async function askToStop(id: string, options: StopOptions): Promise<'asked' | 'over'> {
  const { clients, progress } = options;
  try {
    const { status, statusMessage } = await persist(
      'CodeDeploy',
      () =>
        clients.codeDeploy.send(new StopDeploymentCommand({ deploymentId: id, autoRollbackEnabled: true })),
      { clock: options.clock, progress },
    );
    const words = statusMessage === undefined || statusMessage === '' ? '' : `: ${statusMessage}`;
    progress(`CodeDeploy was asked to stop ${id} and go back (${status ?? 'no status'}${words})`);
    return 'asked';
  } catch (error) {
    if (error instanceof Error && error.name === 'DeploymentAlreadyCompletedException') return 'over';
    throw error;
  }
}

/** Follows a deployment that was asked to stop, to its end. Nothing interrupts it. */
export async function followToEnd(id: string, options: StopOptions): Promise<Followed> {
  const { clients, clock, progress, limits } = options;
  return follow(id, { clients, clock, progress, limits });
}

/**
 * Waits for the deployment that takes a failed one back: it has an id of its own, may be over before anybody looks, and
 * what tells of it may come late.
 */
export async function waitForWayBack(failed: Snapshot, options: StopOptions): Promise<WayBack> {
  if (!hasInstalled(failed) && failed.rollbackDeployment === undefined) return { went: 'not-needed' };
  const stayed = failed.taskSets.some(({ old, weight }) => old && weight === 100);
  if (!failed.rollsBack) return { went: stayed ? 'stayed' : 'not-asked' };
  const { clock, progress } = options;
  const start = clock.now();
  const id = await findWayBack(failed, options);
  if (id === undefined) return { went: stayed ? 'stayed' : 'unseen' };
  progress(`${id} takes ${failed.id} back`);
  const followed = await followToEnd(id, options);
  if (followed.ended !== 'over')
    return { went: 'wrong', id, why: followed.ended === 'stalled' ? followed.words : 'nobody followed it' };
  const { state, status, error, completedAt } = followed.snapshot;
  if (state !== 'succeeded') return { went: 'wrong', id, why: error?.message ?? status };
  // By CodeDeploy's clock where it tells, since it may have gone back before anybody looked.
  const told = completedAt && failed.completedAt && completedAt.getTime() - failed.completedAt.getTime();
  return { went: 'back', id, milliseconds: told ?? clock.now() - start };
}

async function findWayBack(failed: Snapshot, options: StopOptions): Promise<string | undefined> {
  const { clock, clients } = options;
  const patience = { clock, progress: options.progress };
  const observer = new Observer(clients, failed.id);
  let known = failed.rollbackDeployment;
  for (const end = clock.now() + UNSEEN_MS; known === undefined && clock.now() < end;) {
    known = (await observer.look(patience)).rollbackDeployment ?? (await listedWayBack(failed, options));
    if (known === undefined) await clock.sleep(POLL_MS);
  }
  return known;
}

/** By what was created since: one that is over already is in no list of running ones. */
async function listedWayBack(failed: Snapshot, options: StopOptions): Promise<string | undefined> {
  const { clients, name, clock, progress } = options;
  if (!failed.createdAt) return undefined;
  const patience = { clock, progress };
  const deployments = await listSince(clients, name, failed.createdAt, patience);
  for (const id of deployments.filter((one) => one !== failed.id)) {
    const { takesBack } = await new Observer(clients, id).look(patience);
    if (takesBack === failed.id) return id;
  }
  return undefined;
}

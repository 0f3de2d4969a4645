import { releaseClients } from '../../lib/release/aws/clients';
import { readDeployed } from '../../lib/release/aws/deployed';
import { quickRelease } from '../../lib/release/quick';
import { release } from '../../lib/release/release';
import { callerOf, committedAt, placeOf } from './place';
import { CLOCK, finish, stopSignal, tell } from './tool';

/** What `npm run release` is asked. */
export interface ReleaseOptions {
  /** Environment. */
  readonly env: string;
  /**
   * Digest of the image to release alone.
   * @default - what was deployed
   */
  readonly image?: string;
  /**
   * Prints the result as JSON.
   * @default - as a sentence
   */
  readonly json?: true;
}

/**
 * Releases, tells the result and sets the exit code.
 * @throws Refused when nothing was begun
 */
export async function releaseNow({ env, image, json }: ReleaseOptions): Promise<void> {
  const place = placeOf(env);
  const tools = {
    clients: releaseClients({ region: place.region }),
    clock: CLOCK,
    progress: tell,
    signal: stopSignal(),
  };
  const common = { ...tools, stack: place.appStack, environment: env, by: await callerOf(place) };
  if (image !== undefined) {
    finish(await quickRelease({ ...common, digest: image }), json ?? false);
    return;
  }
  const { version } = await readDeployed(tools.clients.cloudFormation, place.appStack, tools);
  const made = committedAt(version);
  finish(await release({ ...common, ...(made !== undefined && { committedAt: made }) }), json ?? false);
}

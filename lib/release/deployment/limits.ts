import { GetDeploymentConfigCommand, type DeploymentGroupInfo } from '@aws-sdk/client-codedeploy';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import type { Snapshot } from './model';

/** Longest that a deployment may go without a change, in milliseconds, by what it is at. */
export interface Limits {
  /** While a step runs that is not the shift. */
  readonly step: number;
  /** Between two steps, and before the first. */
  readonly between: number;
  /** Between two moves of the traffic. */
  readonly shift: number;
  /** While the old version waits to be ended. */
  readonly bake: number;
}

const MINUTE = 60_000;
/** CodeDeploy itself gives a step an hour (user guide, "limits"); a little more lets it say so first. */
const STEP_MS = 65 * MINUTE;
/** A step that does not begin within 5 minutes fails the deployment (same page). */
const BETWEEN_MS = 10 * MINUTE;
const GRACE_MS = 15 * MINUTE;
/** When nobody can say how traffic shifts. */
const UNKNOWN_SHIFT_MS = 60 * MINUTE;

/** Reads what a deployment group may take from the group and its configuration. */
export async function readLimits(
  { codeDeploy }: Pick<ReleaseClients, 'codeDeploy'>,
  group: DeploymentGroupInfo,
  patience: Patience,
): Promise<Limits> {
  const bake =
    group.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess
      ?.terminationWaitTimeInMinutes ?? 0;
  const { deploymentConfigName } = group;
  const shift =
    deploymentConfigName === undefined
      ? UNKNOWN_SHIFT_MS
      : await persist(
          'CodeDeploy',
          async () => {
            const { deploymentConfigInfo } = await codeDeploy.send(
              new GetDeploymentConfigCommand({ deploymentConfigName }),
            );
            const { timeBasedCanary, timeBasedLinear } = deploymentConfigInfo?.trafficRoutingConfig ?? {};
            const minutes = timeBasedCanary?.canaryInterval ?? timeBasedLinear?.linearInterval ?? 0;
            return minutes * MINUTE + GRACE_MS;
          },
          patience,
        );
  return { step: STEP_MS, between: BETWEEN_MS, shift, bake: bake * MINUTE + GRACE_MS };
}

/** What may go on for how long at the moment, with its name. */
export function limitNow(
  { events, baking }: Snapshot,
  limits: Limits,
): { readonly name: string; readonly milliseconds: number } {
  const running = events.find(({ status }) => status === 'InProgress');
  if (running?.name === 'AllowTraffic') return { name: running.name, milliseconds: limits.shift };
  if (running) return { name: running.name, milliseconds: limits.step };
  const over = events.length > 0 && events.every(({ status }) => status !== 'Pending');
  if (baking || over) return { name: 'the wait before the old version ends', milliseconds: limits.bake };
  const next = events.find(({ status }) => status === 'Pending');
  return { name: next ? `the wait for ${next.name}` : 'the wait to begin', milliseconds: limits.between };
}

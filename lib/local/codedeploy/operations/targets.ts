import { z } from 'zod';
import type { Deployment } from '../model/deployment';
import { Refusal } from '../protocol/refusal';
import type { Operation } from '../protocol/server';
import { targetIdOf, targetView } from '../protocol/views';
import { type Context, deploymentOf, optionalText, read } from './context';

const LONGEST_BATCH = 25;

function started(deployment: Deployment): Deployment {
  if (deployment.startTime === undefined)
    throw new Refusal('DeploymentNotStarted', `The deployment ${deployment.id} has not started.`);
  return deployment;
}

function refuseUnknown(deployment: Deployment, targetId: string): void {
  if (targetId !== targetIdOf(deployment))
    throw new Refusal(
      'DeploymentTargetDoesNotExist',
      `The deployment ${deployment.id} has no target ${targetId}.`,
    );
}

/** ListDeploymentTargets: an ECS deployment has one. */
export function listDeploymentTargets(context: Context): Operation {
  return async (input, caller) => {
    const { deploymentId } = read(z.object({ deploymentId: optionalText }), input);
    return { targetIds: [targetIdOf(started(await deploymentOf(context, caller, deploymentId)))] };
  };
}

/** GetDeploymentTarget. */
export function getDeploymentTarget(context: Context): Operation {
  return async (input, caller) => {
    const asked = read(z.object({ deploymentId: optionalText, targetId: optionalText }), input);
    const deployment = started(await deploymentOf(context, caller, asked.deploymentId));
    if (!asked.targetId)
      throw new Refusal('DeploymentTargetIdRequired', 'A deployment target ID is required.');
    refuseUnknown(deployment, asked.targetId);
    return { deploymentTarget: targetView(deployment, caller.region) };
  };
}

/** BatchGetDeploymentTargets. */
export function batchGetDeploymentTargets(context: Context): Operation {
  return async (input, caller) => {
    const asked = read(
      z.object({ deploymentId: optionalText, targetIds: z.array(z.string()).nullish() }),
      input,
    );
    const deployment = started(await deploymentOf(context, caller, asked.deploymentId));
    const ids = asked.targetIds ?? [];
    if (ids.length === 0)
      throw new Refusal('DeploymentTargetIdRequired', 'At least one deployment target ID is required.');
    if (ids.length > LONGEST_BATCH)
      throw new Refusal(
        'DeploymentTargetListSizeExceeded',
        `At most ${LONGEST_BATCH} targets may be asked for.`,
      );
    for (const id of ids) refuseUnknown(deployment, id);
    return { deploymentTargets: ids.map(() => targetView(deployment, caller.region)) };
  };
}

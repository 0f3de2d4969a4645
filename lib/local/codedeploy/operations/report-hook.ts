import { z } from 'zod';
import { Refusal } from '../protocol/refusal';
import type { Operation } from '../protocol/server';
import { type Context, deploymentOf, optionalText, read } from './context';

const inputSchema = z.object({
  deploymentId: optionalText,
  lifecycleEventHookExecutionId: optionalText,
  status: optionalText,
});

/** PutLifecycleEventHookExecutionStatus: each execution of a hook is reported once. */
export function reportHook(context: Context): Operation {
  return async (input, caller) => {
    const { deploymentId, lifecycleEventHookExecutionId: id, status } = read(inputSchema, input);
    const deployment = await deploymentOf(context, caller, deploymentId);
    // The model's enumeration has four more, which its own description refuses.
    if (status !== 'Succeeded' && status !== 'Failed')
      throw new Refusal(
        'InvalidLifecycleEventHookExecutionStatus',
        `The status ${String(status)} is neither Succeeded nor Failed.`,
      );
    const event = deployment.events.find(
      ({ executionId }) => executionId !== undefined && executionId === id,
    );
    if (event === undefined)
      throw new Refusal(
        'InvalidLifecycleEventHookExecutionId',
        `The lifecycle event hook execution ID ${String(id)} is not one of the deployment ${deployment.id}.`,
      );
    if (event.reported !== undefined || event.status !== 'InProgress')
      throw new Refusal(
        'LifecycleEventAlreadyCompleted',
        `The lifecycle event ${event.name} of the deployment ${deployment.id} is already completed.`,
      );
    event.reported = status;
    context.desk.store.save(deployment);
    context.desk.poke(deployment);
    return { lifecycleEventHookExecutionId: event.executionId };
  };
}

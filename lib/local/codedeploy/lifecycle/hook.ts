import { randomUUID } from 'node:crypto';
import type { LifecycleEvent } from '../model/deployment';
import { failed } from './ended';
import type { Run } from './run';

/** Longest that an event may wait for its hook: a documented quota. */
const LIMIT_SECONDS = 3600;
const VALIDATION_FAILED =
  'The deployment failed because one or more of the lifecycle event validation functions failed.';
const NO_CALLBACK =
  'The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked.';

/** Invokes the function of an event and waits for its report; what it returns is not looked at. */
export async function runHook(run: Run, event: LifecycleEvent): Promise<void> {
  const { deployment, behaviour } = run;
  const name = deployment.revision.hooks[event.name];
  if (name === undefined) return;
  // A hook runs once for each deployment: one that was invoked before a restart only has its report waited for.
  let crash: string | undefined;
  if (event.executionId === undefined) {
    event.executionId = randomUUID();
    run.save();
    const payload = { DeploymentId: deployment.id, LifecycleEventHookExecutionId: event.executionId };
    run.estate.functions
      .invoke(name, payload)
      .then(({ error }) => error)
      .catch((error: unknown) => `${name} could not be invoked: ${(error as Error).message}`)
      .then((error) => {
        if (error === undefined || behaviour.switches.crashedHook === 'burns-the-hour') return;
        crash = error;
        run.poke();
      })
      .catch(() => undefined);
  }
  const wait = (): Promise<boolean> =>
    run.until(() => event.reported !== undefined || crash !== undefined, LIMIT_SECONDS, 'limit');
  const told = await (behaviour.switches.stopDuringHook === 'after-report' ? run.undisturbed(wait) : wait());
  if (event.reported === 'Succeeded') return;
  event.message = told ? (crash ?? VALIDATION_FAILED) : NO_CALLBACK;
  throw failed(told ? 'HOOK_EXECUTION_FAILURE' : 'TIMEOUT', told ? VALIDATION_FAILED : NO_CALLBACK);
}

import { readDeployed } from './aws/deployed';
import { bringUp, endingEarly, type Tools } from './bring-up';
import type { RecordBasis } from './records/build';
import { catchUp } from './records/catch-up';
import type { Result } from './result';
import { readVersion } from './task-definition';

/** What to release, and for whom. */
export interface ReleaseOptions extends Tools, Omit<RecordBasis, 'kind'> {
  /** Name of the app stack. */
  readonly stack: string;
}

/**
 * Shifts the traffic to the task definition that the app stack registered, and stays until it is there or back.
 * @throws Refused when the stack is not there or not of this version; the last error of AWS when it says no
 */
export function release(options: ReleaseOptions): Promise<Result> {
  return endingEarly(() => begun(options));
}

async function begun(options: ReleaseOptions): Promise<Result> {
  const { clients, stack, environment, by, approver, committedAt, migrations } = options;
  const deployed = await readDeployed(clients.cloudFormation, stack, options);
  const version = await readVersion(clients, deployed.taskDefinition, deployed.container, options);
  const basis: RecordBasis = {
    ...{ kind: 'release', environment, by },
    ...(approver !== undefined && { approver }),
    ...(committedAt !== undefined && { committedAt }),
    ...(migrations && { migrations }),
  };
  await catchUp({ ...options, deployed, own: { taskDefinition: version.taskDefinition, basis } });
  return bringUp(options, deployed, version, basis);
}

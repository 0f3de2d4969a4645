import { z } from 'zod';
import { tooLate } from '../lifecycle/watch-alarms';
import { type Deployment, deploymentSchema, isOver } from '../model/deployment';
import { Refusal } from '../protocol/refusal';
import type { Operation } from '../protocol/server';
import { deploymentView } from '../protocol/views';
import { accountOf, type Context, deploymentOf, groupOf, optionalText, read, sameGroup } from './context';

const STATUSES: readonly string[] = deploymentSchema.shape.status.options;
const LONGEST_PAGE = 100;
const LONGEST_BATCH = 25;
const idInput = z.object({ deploymentId: optionalText });

/** GetDeployment. */
export function getDeployment(context: Context): Operation {
  return async (input, caller) => ({
    deploymentInfo: deploymentView(await deploymentOf(context, caller, read(idInput, input).deploymentId)),
  });
}

/** BatchGetDeployments: ids of nobody's are left out. */
export function batchGetDeployments(context: Context): Operation {
  return async (input, caller) => {
    const { deploymentIds } = read(z.object({ deploymentIds: z.array(z.string()).nullish() }), input);
    if (deploymentIds === undefined || deploymentIds === null || deploymentIds.length === 0)
      throw new Refusal('DeploymentIdRequired', 'At least one deployment ID must be specified.');
    if (deploymentIds.length > LONGEST_BATCH)
      throw new Refusal('BatchLimitExceeded', `At most ${LONGEST_BATCH} deployments may be asked for.`);
    const { account } = await accountOf(context, caller);
    const found = deploymentIds.flatMap((id) => context.desk.store.find(id) ?? []);
    return { deploymentsInfo: found.filter((one) => one.account === account).map(deploymentView) };
  };
}

const listInput = z.object({
  applicationName: optionalText,
  deploymentGroupName: optionalText,
  includeOnlyStatuses: z.array(z.string()).nullish(),
  createTimeRange: z.object({ start: z.number().nullish(), end: z.number().nullish() }).nullish(),
  nextToken: optionalText,
});

/** ListDeployments, the newest first. */
export function listDeployments(context: Context): Operation {
  return async (input, caller) => {
    const { applicationName, deploymentGroupName, includeOnlyStatuses, createTimeRange, nextToken } = read(
      listInput,
      input,
    );
    const { account, estate } = await accountOf(context, caller);
    const statuses = includeOnlyStatuses ?? [];
    const wrong = statuses.filter((status) => !STATUSES.includes(status));
    if (wrong.length > 0)
      throw new Refusal('InvalidDeploymentStatus', `${wrong.join(', ')} is no status of a deployment.`);
    const { start, end } = { start: createTimeRange?.start ?? 0, end: createTimeRange?.end ?? Infinity };
    if (start > end) throw new Refusal('InvalidTimeRange', 'The start is after the end.');
    let all: readonly Deployment[] = context.desk.store.all().filter((one) => one.account === account);
    if (applicationName || deploymentGroupName) {
      const group = await groupOf(estate, applicationName, deploymentGroupName);
      all = all.filter((one) => sameGroup(one, { account, group }));
    }
    const found = all
      .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
      .filter(({ createTime }) => createTime / 1000 >= start && createTime / 1000 <= end)
      .map(({ id }) => id)
      .reverse();
    const from = nextToken ? found.indexOf(nextToken) : 0;
    if (from < 0) throw new Refusal('InvalidNextToken', 'The next token was specified in an invalid format.');
    const next = found[from + LONGEST_PAGE];
    return {
      deployments: found.slice(from, from + LONGEST_PAGE),
      ...(next === undefined ? {} : { nextToken: next }),
    };
  };
}

/** StopDeployment. */
export function stopDeployment(context: Context): Operation {
  return async (input, caller) => {
    const asked = read(
      z.object({ deploymentId: optionalText, autoRollbackEnabled: z.boolean().nullish() }),
      input,
    );
    const deployment = await deploymentOf(context, caller, asked.deploymentId);
    refuseOver(deployment, tooLate({ deployment, behaviour: context.desk.behaviour }));
    const stopped = context.desk.stop(deployment, asked.autoRollbackEnabled ?? undefined);
    return stopped
      ? { status: 'Succeeded', statusMessage: 'No more deployment lifecycle events will be run.' }
      : { status: 'Pending', statusMessage: 'The deployment is being stopped.' };
  };
}

/** ContinueDeployment: ends the wait that the deployment is in. */
export function continueDeployment(context: Context): Operation {
  return async (input, caller) => {
    const asked = read(z.object({ deploymentId: optionalText, deploymentWaitType: optionalText }), input);
    const deployment = await deploymentOf(context, caller, asked.deploymentId);
    const type = asked.deploymentWaitType ?? 'READY_WAIT';
    if (type !== 'READY_WAIT' && type !== 'TERMINATION_WAIT')
      throw new Refusal('InvalidDeploymentWaitType', `${type} is neither READY_WAIT nor TERMINATION_WAIT.`);
    refuseOver(deployment);
    const waiting =
      type === 'READY_WAIT' ? deployment.status === 'Ready' : deployment.terminationSince !== undefined;
    if (!waiting)
      throw new Refusal('DeploymentIsNotInReadyState', 'The deployment does not have a status of Ready.');
    if (!deployment.continued.includes(type)) deployment.continued.push(type);
    context.desk.store.save(deployment);
    context.desk.poke(deployment);
    return {};
  };
}

function refuseOver(deployment: Deployment, over = false): void {
  if (over || isOver(deployment))
    throw new Refusal('DeploymentAlreadyCompleted', `The deployment ${deployment.id} is already completed.`);
}

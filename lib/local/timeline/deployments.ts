import { z } from 'zod';
import { type Deployment, deploymentSchema } from '../codedeploy/model/deployment';
import { callSupervisor, runningSupervisor } from '../supervisor';
import type { Span } from './model';

/** Deployments that the stand-in of CodeDeploy has made since a time, in milliseconds since 1970. */
export async function deploymentsSince(folder: string, since: number): Promise<readonly Deployment[]> {
  const control = runningSupervisor(folder);
  if (control === undefined) return [];
  const told = z
    .object({ deployments: z.array(deploymentSchema) })
    .parse(await callSupervisor(control, 'status'));
  return told.deployments.filter(({ createTime }) => createTime >= since);
}

/** The lifecycle events of a deployment, those that never began at its end. */
export function eventSpans(deployment: Deployment, now: number): readonly Span[] {
  const { id, account, creator, events, completeTime, error } = deployment;
  const end = completeTime ?? now;
  const lane = `${account} ${id}${creator === 'user' ? '' : ' (rollback)'}`;
  const spans = events.map(({ name, status, startTime, endTime, message }): Span => ({
    ...{ lane, name, from: startTime ?? end, to: endTime ?? end, words: message ?? '' },
    outcome: status === 'Succeeded' ? 'good' : status === 'Failed' ? 'bad' : 'skipped',
  }));
  if (error === undefined) return spans;
  return [...spans, { lane, name: error.code, from: end, to: end, outcome: 'bad', words: error.message }];
}
